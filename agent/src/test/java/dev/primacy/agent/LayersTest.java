// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** Arrows point down only, and what decides does nothing else. */
@AnalyzeClasses(packages = "dev.primacy", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
    @ArchTest
    static final ArchRule TIME_KNOWS_NOTHING = noClasses()
            .that()
            .resideInAPackage("dev.primacy.time..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.primacy.dcs..", "dev.primacy.postgres..", "dev.primacy.multisite..", "dev.primacy.ha..");

    @ArchTest
    static final ArchRule THE_STORE_KNOWS_NEITHER_SERVERS_NOR_SITES = noClasses()
            .that()
            .resideInAPackage("dev.primacy.dcs..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.primacy.postgres..", "dev.primacy.multisite..", "dev.primacy.ha..", "dev.primacy.agent..");

    @ArchTest
    static final ArchRule CONTROL_OF_POSTGRES_KNOWS_NO_STORE = noClasses()
            .that()
            .resideInAPackage("dev.primacy.postgres..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.primacy.dcs..", "dev.primacy.multisite..", "dev.primacy.ha..", "dev.primacy.agent..");

    @ArchTest
    static final ArchRule SITES_KNOW_NO_SERVER = noClasses()
            .that()
            .resideInAPackage("dev.primacy.multisite..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.primacy.postgres..", "dev.primacy.ha..", "dev.primacy.agent..");

    @ArchTest
    static final ArchRule THE_CORES_KNOW_NO_BACKEND_NO_HTTP_NO_FILE_FORMAT = noClasses()
            .that()
            .resideInAnyPackage("dev.primacy.multisite..", "dev.primacy.ha..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.primacy.dcs.zookeeper..",
                    "dev.primacy.agent..",
                    "java.net.http..",
                    "com.sun.net..",
                    "com.fasterxml.jackson.dataformat..",
                    "org.apache..");

    @ArchTest
    static final ArchRule WHAT_DECIDES_DOES_NOTHING_ELSE = noClasses()
            .that()
            .resideInAPackage("dev.primacy.ha.decide..")
            .or()
            .haveSimpleName("SiteDecisions")
            .or()
            .haveSimpleName("SiteClaims")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.slf4j..", "java.io..", "java.nio..", "java.net..", "java.util.concurrent..")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleNameEndingWith("Clock")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("dev.primacy.dcs.Dcs")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("dev.primacy.postgres.Postgres");

    @ArchTest
    static final ArchRule NO_CIRCLES =
            SlicesRuleDefinition.slices().matching("dev.primacy.(*)..").should().beFreeOfCycles();
}

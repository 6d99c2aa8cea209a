// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The operating system's user that PostgreSQL runs as: that of this process, or another if this process is root, as
 * which PostgreSQL refuses to run.
 *
 * @param other the other user; none if programs run as this process does
 */
record OsUser(Optional<Account> other) {
    private record Account(String name, String uid, String group, String gid) {}

    static OsUser of(Optional<String> name) {
        if (!runsAsRoot()) {
            return new OsUser(Optional.empty());
        }
        String user = name.orElse("postgres");
        return new OsUser(Optional.of(new Account(
                user,
                id(user, "-u"),
                Programs.capture(List.of("id", "-gn", user)).strip(),
                id(user, "-g"))));
    }

    private static String id(String user, String option) {
        String id = Programs.capture(List.of("id", option, user)).strip();
        if (!id.matches("\\d+")) {
            throw new PostgresException(
                    "there is no user " + user + " to run PostgreSQL as, which refuses to run as root (" + id
                            + "); create it or set another os_user");
        }
        return id;
    }

    private static boolean runsAsRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /proc/self; PostgreSQL is controlled on Linux only", e);
        }
    }

    /** The command that runs {@code command} as this user. */
    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>();
        other.ifPresent(account -> whole.addAll(
                List.of("setpriv", "--reuid=" + account.uid, "--regid=" + account.gid, "--init-groups", "--")));
        whole.addAll(command);
        return whole;
    }

    String name() {
        return other.map(Account::name).orElseGet(() -> System.getProperty("user.name"));
    }

    boolean owns(Path file) throws IOException {
        Object uid = Files.getAttribute(file, "unix:uid");
        return other.map(account -> account.uid.equals(uid.toString()))
                .orElse(uid.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")));
    }

    /** Makes this user the owner. Links are not followed: as root that would give away what they point to. */
    void own(Path file) throws IOException {
        if (other.isPresent()) {
            PosixFileAttributeView view =
                    Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            UserPrincipalLookupService lookup = file.getFileSystem().getUserPrincipalLookupService();
            view.setOwner(lookup.lookupPrincipalByName(other.get().name));
            view.setGroup(lookup.lookupPrincipalByGroupName(other.get().group));
        }
    }
}

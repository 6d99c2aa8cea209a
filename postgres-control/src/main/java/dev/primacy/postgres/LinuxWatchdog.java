// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A watchdog of Linux, through its character device. The numbers are those of {@code linux/watchdog.h}. */
final class LinuxWatchdog implements WatchdogDevice {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxWatchdog.class);
    private static final int WRITE_ONLY = 01;
    private static final int CLOSE_ON_EXEC = 02000000;
    private static final long GET_SUPPORT = 0x80285700L;
    private static final long SET_TIMEOUT = 0xC0045706L;
    /** {@code struct watchdog_info}: options, firmware version, identity. */
    private static final int INFO_BYTES = 40;

    private static final int IDENTITY_AT = 8;
    private static final int MAGIC_CLOSE = 0x0100;

    private static final int FILE_TYPE = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;

    private final Path path;
    private final Libc libc;
    private final int descriptor;

    /** What Java has no way of calling. Public because JNA makes a class of it. */
    public interface Libc extends Library {
        int open(String path, int flags) throws LastErrorException;

        int ioctl(int descriptor, NativeLong request, Pointer argument) throws LastErrorException;

        NativeLong write(int descriptor, byte[] bytes, NativeLong count) throws LastErrorException;

        int close(int descriptor) throws LastErrorException;
    }

    /** Opens the device, and so starts it with the timeout that it has. */
    LinuxWatchdog(Path path) {
        this.path = path;
        requireDevice();
        this.libc = libc();
        this.descriptor = call("open", () -> libc.open(path.toString(), WRITE_ONLY | CLOSE_ON_EXEC));
        describe();
    }

    private void requireDevice() {
        try {
            int mode = (int) Files.getAttribute(path, "unix:mode");
            if ((mode & FILE_TYPE) != CHARACTER_DEVICE) {
                throw new PostgresException("the watchdog " + path + " is no character device");
            }
        } catch (IOException e) {
            throw new PostgresException(
                    "there is no watchdog " + path + ": load its driver (softdog if the machine has none), or set"
                            + " watchdog.mode to off",
                    e);
        }
    }

    private static Libc libc() {
        try {
            return Native.load("c", Libc.class);
        } catch (LinkageError e) {
            throw new PostgresException(
                    "cannot call the C library, which the watchdog needs: " + e.getMessage()
                            + "; JNA unpacks a library into the folder jna.tmpdir, from which programs may be run",
                    e);
        }
    }

    /** Nothing was written yet, so that a device that is none has come to no harm. */
    private void describe() {
        try (Memory info = new Memory(INFO_BYTES)) {
            libc.ioctl(descriptor, new NativeLong(GET_SUPPORT, true), info);
            LOG.info("Opened the watchdog {}: {}", path, info.getString(IDENTITY_AT));
            if ((info.getInt(0) & MAGIC_CLOSE) == 0) {
                LOG.warn("The watchdog {} cannot be stopped: it will reset this host after a demotion", path);
            }
        } catch (LastErrorException e) {
            libc.close(descriptor);
            throw new PostgresException(path + " is no watchdog: " + e.getMessage(), e);
        }
    }

    @Override
    public int setTimeout(int seconds) {
        try (Memory value = new Memory(Integer.BYTES)) {
            value.setInt(0, seconds);
            call("set the timeout of", () -> libc.ioctl(descriptor, new NativeLong(SET_TIMEOUT, true), value));
            return value.getInt(0);
        }
    }

    @Override
    public void keepAlive() {
        write("keep alive", "1");
    }

    /** The letter tells the driver that this is no crash. */
    @Override
    public void close() {
        try {
            write("stop", "V");
        } finally {
            libc.close(descriptor);
        }
    }

    private void write(String verb, String letter) {
        call(
                verb,
                () -> libc.write(descriptor, new byte[] {(byte) letter.charAt(0)}, new NativeLong(1))
                        .intValue());
    }

    /** A call that fails with an exception. */
    private interface Call {
        int run() throws LastErrorException;
    }

    private int call(String verb, Call call) {
        try {
            return call.run();
        } catch (LastErrorException e) {
            throw new PostgresException("cannot " + verb + " the watchdog " + path + ": " + e.getMessage(), e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** A DNS server that knows a few SRV records, one for each name. */
final class NameServer implements AutoCloseable {
    private static final int HEADER = 12;
    private static final int SRV = 33;
    private static final int NO_SUCH_NAME = 3;

    private final Map<String, Address> records;
    private final DatagramSocket socket;
    private volatile boolean silent;

    NameServer(Map<String, Address> records) {
        this.records = records;
        try {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "name-server");
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return "dns://127.0.0.1:" + socket.getLocalPort();
    }

    /** Does not answer any more. */
    void silence() {
        silent = true;
    }

    private void serve() {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            try {
                DatagramPacket question = new DatagramPacket(buffer, buffer.length);
                socket.receive(question);
                if (!silent) {
                    byte[] answer = answer(Arrays.copyOf(buffer, question.getLength()));
                    socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
                }
            } catch (IOException e) {
                // Closed, which ends the loop.
            }
        }
    }

    private byte[] answer(byte[] question) throws IOException {
        Address found = records.get(name(question));
        int end = HEADER;
        while (question[end] != 0) {
            end += question[end] + 1;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(question, 0, 2);
        out.writeShort(0x8580 | (found == null ? NO_SUCH_NAME : 0));
        out.writeShort(1);
        out.writeShort(found == null ? 0 : 1);
        out.writeInt(0);
        out.write(question, HEADER, end + 5 - HEADER);
        if (found != null) {
            byte[] target = encoded(found.host());
            // The name is the one at the beginning of the question.
            out.writeShort(0xC000 | HEADER);
            out.writeShort(SRV);
            out.writeShort(1);
            out.writeInt(60);
            out.writeShort(6 + target.length);
            out.writeShort(10);
            out.writeShort(20);
            out.writeShort(found.port());
            out.write(target);
        }
        return bytes.toByteArray();
    }

    private static String name(byte[] question) {
        StringBuilder name = new StringBuilder();
        for (int at = HEADER; question[at] != 0; at += question[at] + 1) {
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII));
        }
        return name.toString();
    }

    private static byte[] encoded(String name) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            bytes.write(label.length());
            bytes.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        bytes.write(0);
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}

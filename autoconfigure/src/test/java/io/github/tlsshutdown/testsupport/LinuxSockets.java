/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.tlsshutdown.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the Linux kernel knows of this process's sockets.
 */
public final class LinuxSockets {

	private LinuxSockets() {
	}

	/**
	 * Count this process's open sockets.
	 * @return the number of descriptors
	 */
	public static long open() {
		return own().size();
	}

	/**
	 * Count all of this process's open descriptors.
	 * @return the number
	 */
	public static long descriptors() {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Tell the states of the connections to a port, as seen from their other ends. A
	 * connection that was reset is not there any more.
	 * @param remotePort the port
	 * @return states, such as {@code CLOSE_WAIT}, by the port of the other end
	 */
	public static Map<Integer, String> statesOfConnectionsTo(int remotePort) {
		String remote = ":%04X".formatted(remotePort);
		return tcp().filter((fields) -> fields[2].endsWith(remote))
			// An older connection from the same port may still be remembered
			.collect(Collectors.toMap((fields) -> portOf(fields[1]), (fields) -> name(fields[3]),
					(one, other) -> one.equals("TIME_WAIT") ? other : one));
	}

	/**
	 * Describe this process's TCP sockets, as the kernel does.
	 * @return local and remote address, in hexadecimal notation, and state of each
	 */
	public static List<String> all() {
		Set<String> own = Set.copyOf(own());
		return tcp().filter((fields) -> own.contains("socket:[" + fields[9] + "]"))
			.map((fields) -> fields[1] + " " + fields[2] + " " + name(fields[3]))
			.toList();
	}

	private static List<String> own() {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.map(LinuxSockets::target).filter((target) -> target.startsWith("socket:")).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Read what the kernel tells of all TCP sockets.
	 * @return the fields of each: the second and third are its addresses, the fourth is
	 * its state, and the tenth its inode
	 */
	private static Stream<String[]> tcp() {
		return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
			.flatMap((file) -> lines(Path.of(file)).stream())
			.map((line) -> line.trim().split("\\s+"));
	}

	private static int portOf(String address) {
		return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
	}

	private static String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (NoSuchFileException ex) {
			return "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> lines(Path file) {
		try {
			return Files.readAllLines(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String name(String state) {
		return switch (state) {
			case "01" -> "ESTABLISHED";
			case "04" -> "FIN_WAIT1";
			case "05" -> "FIN_WAIT2";
			case "06" -> "TIME_WAIT";
			case "08" -> "CLOSE_WAIT";
			case "09" -> "LAST_ACK";
			case "0A" -> "LISTEN";
			case "0B" -> "CLOSING";
			default -> state;
		};
	}

}

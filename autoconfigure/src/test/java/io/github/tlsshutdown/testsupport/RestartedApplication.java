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
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program that starts and stops an application several times, each time with a class
 * loader of its own for the application's classes, as a tool does that restarts
 * applications. Prints how many of the class loaders are left.
 * <p>
 * Frameworks keep classes in caches of soft references: it has to be run with
 * {@code -XX:SoftRefLRUPolicyMSPerMB=0} to have them emptied.
 */
public final class RestartedApplication {

	private RestartedApplication() {
	}

	/**
	 * Run the program.
	 * @param arguments how often to start, and the directories with the application's
	 * classes
	 * @throws Exception if anything fails
	 */
	public static void main(String[] arguments) throws Exception {
		List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
		for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
			loaders.add(startAndStop(Stream.of(arguments).skip(1).map(RestartedApplication::url).toArray(URL[]::new)));
		}
		// What soft references let go of goes with a later collection
		for (int i = 0; i < 5; i++) {
			System.gc();
		}
		System.out.println("left: " + loaders.stream().filter((loader) -> loader.get() != null).count());
	}

	private static WeakReference<ClassLoader> startAndStop(URL[] classes) throws Exception {
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		try (RestartClassLoader loader = new RestartClassLoader(classes, before)) {
			Thread.currentThread().setContextClassLoader(loader);
			loader.loadClass(Run.class.getName()).getMethod("run").invoke(null);
			return new WeakReference<>(loader);
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
	}

	private static URL url(String directory) {
		try {
			return Path.of(directory).toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	/**
	 * What is done with each class loader.
	 */
	public static final class Run {

		private Run() {
		}

		/**
		 * Have a connection wait, and stop.
		 * @throws IOException if anything fails
		 */
		public static void run() throws IOException {
			try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=50ms");
					TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				peer.get("/bye");
				peer.awaitEnd();
				server.recorder().awaitTotal(1);
			}
		}

	}

	/**
	 * Loads the application's own classes. Libraries, such as ours, stay where they are.
	 */
	private static final class RestartClassLoader extends URLClassLoader {

		private static final String PACKAGE = RestartedApplication.class.getPackageName() + ".";

		RestartClassLoader(URL[] classes, ClassLoader parent) {
			super(classes, parent);
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			synchronized (getClassLoadingLock(name)) {
				Class<?> loaded = findLoadedClass(name);
				if (loaded != null || !name.startsWith(PACKAGE)) {
					return (loaded != null) ? loaded : super.loadClass(name, resolve);
				}
				return findClass(name);
			}
		}

	}

}

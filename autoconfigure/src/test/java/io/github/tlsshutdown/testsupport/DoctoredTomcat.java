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

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.ClassWriter;
import org.springframework.asm.FieldVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;

/**
 * Classes of a Tomcat as there may be one day, made of those of the Tomcat there is.
 */
public final class DoctoredTomcat {

	private static final int API = Opcodes.ASM9;

	private final Path directory;

	/**
	 * Create a Tomcat in which nothing is different yet.
	 * @param directory where to write what becomes different
	 */
	public DoctoredTomcat(Path directory) {
		this.directory = directory;
	}

	/**
	 * Give it another version, which was not tested.
	 * @param version the version
	 * @return this
	 * @throws IOException if it cannot be written
	 */
	public DoctoredTomcat version(String version) throws IOException {
		String properties = "server.info=Apache Tomcat/" + version + "\nserver.number=" + version + "\n";
		write("org/apache/catalina/util/ServerInfo.properties", properties.getBytes(StandardCharsets.ISO_8859_1));
		return this;
	}

	/**
	 * Give a member another name, wherever the class and its superclasses declare or use
	 * it.
	 * @param owner the class
	 * @param name the name of the member
	 * @param descriptor its type, as class files have it
	 * @return this
	 * @throws IOException if a class cannot be read or written
	 */
	public DoctoredTomcat rename(Class<?> owner, String name, String descriptor) throws IOException {
		for (Class<?> type = owner; type.getClassLoader() != null; type = type.getSuperclass()) {
			change(type, (writer) -> new Renaming(writer, name, descriptor));
		}
		return this;
	}

	/**
	 * Make a class final.
	 * @param type the class
	 * @return this
	 * @throws IOException if a class cannot be read or written
	 */
	public DoctoredTomcat makeFinal(Class<?> type) throws IOException {
		change(type, (writer) -> new ClassVisitor(API, writer) {

			@Override
			public void visit(int version, int access, String name, String signature, String superName,
					String[] interfaces) {
				super.visit(version, access | Opcodes.ACC_FINAL, name, signature, superName, interfaces);
			}

		});
		return this;
	}

	private void change(Class<?> type, UnaryOperator<ClassVisitor> change) throws IOException {
		String file = type.getName().replace('.', '/') + ".class";
		try (InputStream original = type.getClassLoader().getResourceAsStream(file)) {
			ClassWriter writer = new ClassWriter(0);
			new ClassReader(original).accept(change.apply(writer), 0);
			write(file, writer.toByteArray());
		}
	}

	private void write(String file, byte[] content) throws IOException {
		Path target = this.directory.resolve(file);
		Files.createDirectories(target.getParent());
		Files.write(target, content);
	}

	/**
	 * Return a class path that has this Tomcat, and all else that this JVM has.
	 * @return the class path
	 */
	public String classPath() {
		return this.directory + File.pathSeparator + System.getProperty("java.class.path");
	}

	/**
	 * Return a class loader for this class path, which shares nothing with this JVM.
	 * @return the class loader
	 * @throws IOException if an entry of the class path is not valid
	 */
	public URLClassLoader classLoader() throws IOException {
		List<URL> urls = new ArrayList<>();
		for (String entry : Stream.of(classPath().split(File.pathSeparator)).toList()) {
			urls.add(Path.of(entry).toUri().toURL());
		}
		return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
	}

	private static final class Renaming extends ClassVisitor {

		private final String name;

		private final String descriptor;

		Renaming(ClassVisitor next, String name, String descriptor) {
			super(API, next);
			this.name = name;
			this.descriptor = descriptor;
		}

		private String renamed(String name, String descriptor) {
			return (name.equals(this.name) && descriptor.equals(this.descriptor)) ? name + "Renamed" : name;
		}

		@Override
		public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
			return super.visitField(access, renamed(name, descriptor), descriptor, signature, value);
		}

		@Override
		public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
				String[] exceptions) {
			return new MethodVisitor(API,
					super.visitMethod(access, renamed(name, descriptor), descriptor, signature, exceptions)) {

				@Override
				public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
					super.visitFieldInsn(opcode, owner, renamed(name, descriptor), descriptor);
				}

				@Override
				public void visitMethodInsn(int opcode, String owner, String name, String descriptor,
						boolean isInterface) {
					super.visitMethodInsn(opcode, owner, renamed(name, descriptor), descriptor, isInterface);
				}

			};
		}

	}

}

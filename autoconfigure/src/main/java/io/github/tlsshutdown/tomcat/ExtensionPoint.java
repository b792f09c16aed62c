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

package io.github.tlsshutdown.tomcat;

import java.lang.invoke.MethodType;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A member of a class of the server that this package builds on.
 *
 * @param use what is done with it
 * @param owner the class by which it is used; may inherit it
 * @param name the name
 * @param type the types of a method, or the one of a field
 */
record ExtensionPoint(Use use, Class<?> owner, String name, MethodType type) {

	/**
	 * Return whether the server has it, in a form in which it can be used.
	 * @return whether it is there
	 */
	boolean exists() {
		for (Class<?> type = this.owner; type != null; type = type.getSuperclass()) {
			if (members(type).anyMatch((member) -> (member.getModifiers() & this.use.unfit) == 0)) {
				return true;
			}
		}
		return false;
	}

	private Stream<? extends Member> members(Class<?> type) {
		if (this.use == Use.FIELD) {
			return Arrays.stream(type.getDeclaredFields())
				.filter((field) -> field.getName().equals(this.name) && field.getType() == this.type.returnType());
		}
		return Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> method.getName().equals(this.name) && method.getReturnType() == this.type.returnType()
					&& Arrays.equals(method.getParameterTypes(), this.type.parameterArray()));
	}

	@Override
	public String toString() {
		String parameters = (this.use == Use.FIELD) ? ""
				: this.type.parameterList()
					.stream()
					.map(Class::getSimpleName)
					.collect(Collectors.joining(", ", "(", ")"));
		return this.owner.getSimpleName() + "." + this.name + parameters;
	}

	/**
	 * What is done with a member.
	 */
	enum Use {

		/** Read or written. */
		FIELD(Modifier.PRIVATE | Modifier.STATIC),

		/** Called. */
		CALL(Modifier.PRIVATE | Modifier.STATIC),

		/** Overridden, and called by what overrides it. */
		OVERRIDE(Modifier.PRIVATE | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT);

		private final int unfit;

		Use(int unfit) {
			this.unfit = unfit;
		}

	}

}

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

import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.StringJoiner;

/**
 * A member of a Tomcat class that this package uses.
 *
 * @param use how it is used
 * @param owner the class through which it is used; can inherit it
 * @param name the name
 * @param type the type of a field, or the return type of a method
 * @param parameters the types of a method's parameters
 */
record ExtensionPoint(Use use, Class<?> owner, String name, Class<?> type, List<Class<?>> parameters) {

	/**
	 * Return whether the server has this member in a usable form.
	 * @return whether it exists
	 */
	boolean exists() {
		for (Class<?> declaring = this.owner; declaring != null; declaring = declaring.getSuperclass()) {
			if (isField() ? hasField(declaring) : hasMethod(declaring)) {
				return true;
			}
		}
		return false;
	}

	private boolean hasField(Class<?> declaring) {
		try {
			Field field = declaring.getDeclaredField(this.name);
			return field.getType() == this.type && fits(field);
		}
		catch (NoSuchFieldException ex) {
			return false;
		}
	}

	private boolean hasMethod(Class<?> declaring) {
		try {
			Method method = declaring.getDeclaredMethod(this.name, this.parameters.toArray(Class<?>[]::new));
			return method.getReturnType() == this.type && fits(method);
		}
		catch (NoSuchMethodException ex) {
			return false;
		}
	}

	boolean isField() {
		return this.use == Use.FIELD || this.use == Use.CONSTANT;
	}

	private boolean fits(Member member) {
		return (member.getModifiers() & this.use.unfit) == 0;
	}

	@Override
	public String toString() {
		StringJoiner types = new StringJoiner(", ", "(", ")");
		for (Class<?> parameter : this.parameters) {
			types.add(parameter.getSimpleName());
		}
		return this.owner.getSimpleName() + "." + this.name + (isField() ? "" : types);
	}

	/**
	 * How a member is used.
	 */
	enum Use {

		/** Read or written. */
		FIELD(Modifier.PRIVATE | Modifier.STATIC),

		/** Compared with. */
		CONSTANT(Modifier.PRIVATE),

		/** Called. */
		CALL(Modifier.PRIVATE | Modifier.STATIC),

		/** Overridden, and called by the overriding method. */
		OVERRIDE(Modifier.PRIVATE | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT);

		private final int unfit;

		Use(int unfit) {
			this.unfit = unfit;
		}

	}

}

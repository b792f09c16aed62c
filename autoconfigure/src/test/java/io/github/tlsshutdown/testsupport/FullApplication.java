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

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration that adds all that Spring Boot configures by itself, such as Web MVC, the
 * actuator and its meters. {@link #PATH} is where Web MVC serves.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class FullApplication {

	/** The part of the paths that Web MVC serves. */
	public static final String PATH = "/manage";

	/** The property that says so. */
	public static final String PATH_PROPERTY = "spring.mvc.servlet.path=" + PATH;

}

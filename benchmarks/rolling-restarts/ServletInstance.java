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

import java.io.IOException;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * What is restarted, on Tomcat and Jetty.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ServletInstance {

	public static void main(String[] arguments) {
		SpringApplication.run(ServletInstance.class, arguments);
		System.out.println("READY");
	}

	@Bean
	ServletRegistrationBean<HttpServlet> hello() {
		return new ServletRegistrationBean<>(new HttpServlet() {

			private static final long serialVersionUID = 1L;

			@Override
			protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
				request.getInputStream().readAllBytes();
				if (request.getRequestURI().equals("/slow")) {
					try {
						Thread.sleep(2000);
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
				}
				response.setContentType("text/plain");
				response.getWriter().write("hello");
			}

		}, "/*");
	}

}

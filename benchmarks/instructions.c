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

/*
 * A plugin for QEMU's user mode that counts the instructions of each thread, and writes
 * those of the second thread to a file when the process ends: the java command starts the
 * main thread of the application as its second.
 *
 *   qemu-x86_64 -plugin libinstructions.so,count=FILE java ...
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* From qemu-plugin.h, version 1 of the interface: Debian's package does not contain it */
typedef uint64_t qemu_plugin_id_t;
struct qemu_info_t;
struct qemu_plugin_tb;
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, void (*)(unsigned, void *), int, void *);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, void *), void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

enum { MAIN = 1, NO_REGISTERS = 0 };

static uint64_t instructions;
static char file[4096];

static void executed(unsigned thread, void *number) {
	if (thread == MAIN) {
		instructions += (uintptr_t) number;
	}
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
	void *number = (void *) (uintptr_t) qemu_plugin_tb_n_insns(block);
	qemu_plugin_register_vcpu_tb_exec_cb(block, executed, NO_REGISTERS, number);
}

static void ended(qemu_plugin_id_t id, void *unused) {
	FILE *out = fopen(file, "w");
	if (out != NULL) {
		fprintf(out, "%llu\n", (unsigned long long) instructions);
		fclose(out);
	}
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info,
		int argc, char **argv) {
	if (argc != 1 || strncmp(argv[0], "count=", 6) != 0) {
		return -1;
	}
	snprintf(file, sizeof file, "%s", argv[0] + 6);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, ended, NULL);
	return 0;
}

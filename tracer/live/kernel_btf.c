// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracer/live/kernel_btf.h"

#define BTF_PATH "/sys/kernel/btf/vmlinux"

struct file {
	char *bytes;
	size_t size;
	bool mapped;
};

static int read_all(int fd, struct file *file)
{
	size_t size = file->size;
	ssize_t n;

	file->bytes = malloc(size);
	if (!file->bytes)
		return -ENOMEM;
	file->size = 0;
	while (file->size < size &&
	       (n = read(fd, file->bytes + file->size, size - file->size)) > 0)
		file->size += n;
	return 0;
}

/* Kernels before 6.16 cannot map it. To read it takes a page a call, and as much memory
 * as it is large. */
static int open_file(const char *path, struct file *file)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	struct stat st;

	*file = (struct file){};
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st)) {
		err = -errno;
		goto out;
	}
	file->size = st.st_size;
	file->bytes = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, fd, 0);
	file->mapped = file->bytes != MAP_FAILED;
	if (!file->mapped)
		err = read_all(fd, file);
out:
	close(fd);
	return err;
}

static void close_file(struct file *file)
{
	if (file->mapped)
		munmap(file->bytes, file->size);
	else
		free(file->bytes);
}

/* Bytes behind struct btf_type, by kind; -1 for a kind we do not know. */
static long extra_size(const struct btf_type *type)
{
	size_t n = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return n * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return n * sizeof(struct btf_enum);
	case BTF_KIND_FUNC_PROTO:
		return n * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return n * sizeof(struct btf_var_secinfo);
	case BTF_KIND_ENUM64:
		return n * 12;
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG:
		return 0;
	default:
		return -1;
	}
}

struct strings {
	const char *text;
	uint32_t size;
};

static const char *string_at(const struct strings *strings, uint32_t offset)
{
	return offset < strings->size ? strings->text + offset : "";
}

static int member_offset(const struct btf_type *type, const struct strings *strings,
			 const char *wanted, uint32_t *offset)
{
	const struct btf_member *member = (const void *)(type + 1);
	uint32_t i;

	for (i = 0; i < BTF_INFO_VLEN(type->info); i++) {
		uint32_t bits = member[i].offset;

		if (strcmp(string_at(strings, member[i].name_off), wanted))
			continue;
		if (BTF_INFO_KFLAG(type->info))
			bits = BTF_MEMBER_BIT_OFFSET(bits);
		*offset = bits / 8;
		return 0;
	}
	return -ENOENT;
}

static const struct btf_type *find_struct(const char *at, const char *end,
					  const struct strings *strings, const char *name)
{
	while (at + sizeof(struct btf_type) <= end) {
		const struct btf_type *type = (const void *)at;
		long extra = extra_size(type);

		at += sizeof(*type);
		if (extra < 0 || extra > end - at)
			return NULL;
		if (BTF_INFO_KIND(type->info) == BTF_KIND_STRUCT &&
		    !strcmp(string_at(strings, type->name_off), name))
			return type;
		at += extra;
	}
	return NULL;
}

static int find_offsets(const struct file *file, const char *struct_name,
			const char *const members[], uint32_t offsets[], size_t count)
{
	const struct btf_header *header = (const void *)file->bytes;
	const struct btf_type *type;
	struct strings strings;
	uint64_t types_at, strings_at;
	size_t i;
	int err;

	if (file->size < sizeof(*header) || header->magic != BTF_MAGIC)
		return -EBADMSG;
	types_at = (uint64_t)header->hdr_len + header->type_off;
	strings_at = (uint64_t)header->hdr_len + header->str_off;
	if (types_at + header->type_len > file->size ||
	    strings_at + header->str_len > file->size)
		return -EBADMSG;
	strings = (struct strings){file->bytes + strings_at, header->str_len};
	if (!strings.size || strings.text[strings.size - 1])
		return -EBADMSG;
	type = find_struct(file->bytes + types_at,
			   file->bytes + types_at + header->type_len, &strings,
			   struct_name);
	err = type ? 0 : -ENOENT;
	for (i = 0; !err && i < count; i++)
		err = member_offset(type, &strings, members[i], &offsets[i]);
	return err;
}

int kernel_btf_offsets(const char *struct_name, const char *const members[],
		       uint32_t offsets[], size_t count)
{
	struct file file;
	int err = open_file(BTF_PATH, &file);

	if (!err)
		err = find_offsets(&file, struct_name, members, offsets, count);
	close_file(&file);
	return err;
}

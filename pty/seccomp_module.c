#include "seccomp_module.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>

static int add(scmp_filter_ctx ctx, unsigned request)
{
	return seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(ioctl), 1,
		SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, request));
}

__attribute__((visibility("default"))) int seccomp_module_filter(
	const unsigned *requests, size_t n, bool no_new_privs)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int err = ctx ? 0 : -ENOMEM, fd = -1;
	size_t i;

	if (!err)
		err = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
	if (!err)
		err = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, no_new_privs);
	if (!err) /* the kernel's own errors */
		err = seccomp_attr_set(ctx, SCMP_FLTATR_API_SYSRAWRC, 1);
	for (i = 0; i < n && !err; i++)
		err = add(ctx, requests[i]);
	if (!err)
		err = seccomp_load(ctx);
	if (!err) {
		/* the library's own may be closed with the context */
		fd = fcntl(seccomp_notify_fd(ctx), F_DUPFD_CLOEXEC, 3);
		err = fd < 0 ? -errno : 0;
	}
	if (ctx)
		seccomp_release(ctx);
	return err ? err : fd;
}

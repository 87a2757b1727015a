/* Exercises host/scenario, conf/fault_conf and conf/action_conf: scenarios and field
 * bugs. Reading either succeeds or reports an error. */
#include <stdint.h>
#include <stdlib.h>

#include "host/play/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct doc_errors errors;
	struct scenario *s;

	doc_errors_init(&errors);
	s = scenario_read(NULL, "fuzz", (const char *)data, size, &errors);
	if (!s == !errors.n)
		abort();
	if (s)
		scenario_free(s);
	doc_errors_clear(&errors);
	return 0;
}

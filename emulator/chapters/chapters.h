/* The list of all chapters: a new one is a folder and a row here. */
#pragma once

#include "at/chapter.h"

extern const struct chapter *const chapters[];

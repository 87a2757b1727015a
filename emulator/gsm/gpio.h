/* General purpose pins of the module (wavecom.md +WIOM). A pin is free, or reserved as
 * input or output; the reservation survives power-off, levels do not. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define GPIO_PINS 44

/* Sets of pins: pin n is bit n - 1. */
struct gpio {
	int64_t reserved, output, high; /* high: the level of an output after a reset */
	int64_t written;                /* what outputs have now */
	int64_t driven;                 /* what the world outside puts on inputs */
	bool by_masks; /* the sets come from settings, so no record keeps them */
};

/* Reserves the first `pins`, bit 0 the first: 1 in `output` makes it an output, 1 in
 * `high` is its first level. The others are free. */
void gpio_masks(struct gpio *g, int output, int high, int pins);

/* Power-on and reset: outputs take their first level. */
void gpio_boot(struct gpio *g);

/* The pin is 1 to GPIO_PINS everywhere. */
void gpio_reserve(struct gpio *g, int pin, bool output, bool high);
void gpio_release(struct gpio *g, int pin);
bool gpio_reserved(const struct gpio *g, int pin);
bool gpio_is_output(const struct gpio *g, int pin);
bool gpio_starts_high(const struct gpio *g, int pin);

/* What an output was made, or what is on an input. */
bool gpio_level(const struct gpio *g, int pin);
void gpio_write(struct gpio *g, int pin, bool level);

/* The world outside pulls a pin up or down. */
void gpio_drive(struct gpio *g, int pin, bool level);

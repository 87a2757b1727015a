#include "gsm/gpio.h"

static int64_t bit(int pin)
{
	return (int64_t)1 << (pin - 1);
}

static void put(int64_t *set, int pin, bool on)
{
	*set = on ? *set | bit(pin) : *set & ~bit(pin);
}

void gpio_masks(struct gpio *g, int output, int high, int pins)
{
	g->by_masks = true;
	g->reserved = ((int64_t)1 << pins) - 1;
	g->output = output & g->reserved;
	g->high = high & g->output;
}

void gpio_boot(struct gpio *g)
{
	g->written = g->high & g->output;
}

void gpio_reserve(struct gpio *g, int pin, bool output, bool high)
{
	put(&g->reserved, pin, true);
	put(&g->output, pin, output);
	put(&g->high, pin, high);
	put(&g->written, pin, output && high);
}

void gpio_release(struct gpio *g, int pin)
{
	put(&g->reserved, pin, false);
	put(&g->output, pin, false);
	put(&g->high, pin, false);
	put(&g->written, pin, false);
}

bool gpio_reserved(const struct gpio *g, int pin)
{
	return g->reserved & bit(pin);
}

bool gpio_is_output(const struct gpio *g, int pin)
{
	return g->output & bit(pin);
}

bool gpio_starts_high(const struct gpio *g, int pin)
{
	return g->high & bit(pin);
}

bool gpio_level(const struct gpio *g, int pin)
{
	return (gpio_is_output(g, pin) ? g->written : g->driven) & bit(pin);
}

void gpio_write(struct gpio *g, int pin, bool level)
{
	put(&g->written, pin, level);
}

void gpio_drive(struct gpio *g, int pin, bool level)
{
	put(&g->driven, pin, level);
}

// Programs that use npm serialport with its parsers: dialogue.js PORT NAME.
// Each prints what it received as JSON; the test checks that and the modem.
'use strict'
const {
  SerialPort, ReadlineParser, DelimiterParser, ReadyParser, RegexParser, ByteLengthParser,
  InterByteTimeoutParser
} = require('serialport')
const [path, name] = process.argv.slice(2)
const LIMIT = 60000

function open(options = {}) {
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate: 115200, autoOpen: false, ...options })
    port.open(error => (error ? reject(error) : resolve(port)))
  })
}

// The result of a function with a callback: the error's text, or the value.
function told(call) {
  return new Promise(resolve => call((error, value) =>
    resolve(error ? `${error.message}` : value === undefined ? 'done' : value)))
}

// Collects what a stream delivers, until a wanted piece comes.
function until(stream, wanted, event = 'data') {
  return new Promise((resolve, reject) => {
    const got = []
    const timer = setTimeout(() => reject(new Error(`nothing more after ${JSON.stringify(got)}`)), LIMIT)
    const hear = piece => {
      got.push(Buffer.isBuffer(piece) ? piece.toString('latin1') : piece)
      if (!wanted(piece)) return
      clearTimeout(timer)
      stream.off(event, hear)
      resolve(got)
    }
    stream.on(event, hear)
  })
}

const ends = piece => /^(OK|ERROR|NO CARRIER|\+CM[ES] ERROR: \d+|CONNECT.*)$/.test(String(piece))

async function ask(port, lines, command, wanted = ends) {
  const answer = until(lines, wanted)
  port.write(command + '\r')
  return answer
}

const programs = {
  // Lines with Readline, an unsolicited line, answers with Delimiter, words with Regex.
  async lines() {
    const out = {}
    const port = await open({ rtscts: true })
    const lines = port.pipe(new ReadlineParser({ delimiter: '\r\n' }))
    out.echo = await ask(port, lines, 'ATE0')
    out.revision = await ask(port, lines, 'AT+CGMR')
    out.creg = await ask(port, lines, 'AT+CREG=1', line => line === '+CREG: 1')
    port.unpipe(lines)
    const answers = port.pipe(new DelimiterParser({ delimiter: '\r\n\r\nOK\r\n' }))
    const answer = until(answers, () => true)
    port.write('AT+CSQ\r')
    out.csq = await answer
    port.unpipe(answers)
    const words = port.pipe(new RegexParser({ regex: /[\r\n:, "]+/ }))
    const operator = until(words, word => word === 'OK')
    port.write('AT+COPS?\r')
    // the parser delivers the OK only when more bytes follow
    port.write('AT\rAT\r')
    out.cops = await operator
    await told(f => port.close(f))
    return out
  },

  // Sends a message at the prompt; receives one.
  async message() {
    const out = {}
    const port = await open()
    const lines = port.pipe(new ReadlineParser({ delimiter: '\r\n' }))
    out.mode = await ask(port, lines, 'AT+CMGF=1;+CNMI=2,1')
    port.unpipe(lines)
    const prompt = port.pipe(new DelimiterParser({ delimiter: '> ' }))
    const asked = until(prompt, () => true)
    port.write('AT+CMGS="+33612345678"\r')
    await asked
    port.unpipe(prompt)
    port.pipe(lines)
    const sent = until(lines, ends)
    port.write('from node\x1a')
    out.sent = await sent
    console.log('ready')
    const came = await until(lines, line => line.startsWith('+CMTI'))
    const place = /,(\d+)$/.exec(came[came.length - 1])[1]
    out.read = await ask(port, lines, `AT+CMGR=${place}`)
    out.deleted = await ask(port, lines, `AT+CMGD=${place}`)
    await told(f => port.close(f))
    return out
  },

  // Ready waits for the end of the boot; a data call transmits every byte.
  async call() {
    const out = {}
    const port = await open()
    const lines = port.pipe(new ReadlineParser({ delimiter: '\r\n' }))
    await ask(port, lines, 'AT+WIND=8')
    port.unpipe(lines)
    const ready = new ReadyParser({ delimiter: '+WIND: 4' })
    const booted = until(ready, () => true, 'ready')
    port.pipe(ready)
    port.write('AT+CFUN=1\r')
    await booted
    port.unpipe(ready)
    port.pipe(lines)
    out.connect = await ask(port, lines, 'ATD0458783786')
    port.unpipe(lines)
    const bytes = port.pipe(new ByteLengthParser({ length: 256 }))
    const everything = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    const back = until(bytes, () => true)
    port.write(everything)
    out.bytes = Buffer.from((await back)[0], 'latin1').equals(everything)
    port.unpipe(bytes)
    // The silence that +++ needs: Inter Byte Timeout delivers a piece when nothing more comes.
    const pieces = port.pipe(new InterByteTimeoutParser({ interval: 1500 }))
    const quiet = until(pieces, () => true)
    port.write('x')
    out.quiet = await quiet
    const escaped = until(pieces, () => true)
    port.write('+++')
    out.escaped = await escaped
    port.unpipe(pieces)
    port.pipe(lines)
    out.hung = await ask(port, lines, 'ATH')
    await told(f => port.close(f))
    return out
  },

  // What a serial port can do and a pty cannot.
  async port() {
    const out = {}
    const port = await open({ lock: true })
    out.second = await open().then(() => 'opened', error => error.message)
    out.get = await told(f => port.get(f))
    out.set = await told(f => port.set({ dtr: false, rts: true }, f))
    out.drain = await told(f => port.drain(f))
    out.flush = await told(f => port.flush(f))
    const lines = port.pipe(new ReadlineParser({ delimiter: '\r\n' }))
    await ask(port, lines, 'AT+IPR=9600')
    out.update = await told(f => port.update({ baudRate: 9600 }, f))
    out.rate = await ask(port, lines, 'AT+IPR?')
    await ask(port, lines, 'AT+IPR=115200')
    out.close = await told(f => port.close(f))
    const again = await open()
    const more = again.pipe(new ReadlineParser({ delimiter: '\r\n' }))
    out.again = await ask(again, more, 'AT')
    await told(f => again.close(f))
    return out
  }
}

programs[name]().then(
  out => console.log(JSON.stringify(out)),
  error => {
    console.error(error)
    process.exit(1)
  }
)

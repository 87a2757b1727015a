// check.js, started by `fauxtrack exec --control tcp:0 -- node check.js` after `npm ci` in its folder:
// openapi.json passes the default rules of a public linter; a public generator makes a client from it,
// which passes the type checker and controls the modem. TAP; nothing is downloaded.
const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');
const ts = require('typescript');

const base = 'http://127.0.0.1:' + process.env.FAUXTRACK_CONTROL.split(':')[1];
const token = process.env.FAUXTRACK_TOKEN;
const tests = [];

function equal(got, want, what) {
	if (JSON.stringify(got) !== JSON.stringify(want))
		throw new Error(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
}

function node(...args) {
	const done = spawnSync(process.execPath, args, { cwd: __dirname, encoding: 'utf8' });
	return { status: done.status, said: done.stdout + done.stderr };
}

tests.push(async function the_linter_has_no_complaints() {
	const answer = await fetch(base + '/v1/openapi.json',
		{ headers: { Authorization: 'Bearer ' + token } });
	equal(answer.status, 200, 'status');
	fs.writeFileSync(path.join(__dirname, 'openapi.json'), await answer.text());
	const done = node('node_modules/@redocly/cli/bin/cli.js', 'lint', '--format=json', 'openapi.json');
	const found = JSON.parse(done.said.slice(done.said.indexOf('{'), done.said.lastIndexOf('}') + 1));
	equal(found.problems.map((p) => `${p.ruleId}: ${p.message}`), [], 'problems');
	equal(done.status, 0, 'status of the linter');
});

// Compiles each TypeScript file to JavaScript in the same folder.
function translate(folder) {
	for (const e of fs.readdirSync(folder, { withFileTypes: true })) {
		const name = path.join(folder, e.name);
		if (e.isDirectory()) {
			translate(name);
		} else if (name.endsWith('.ts')) {
			const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
			const done = ts.transpileModule(fs.readFileSync(name, 'utf8'), { compilerOptions: options });
			fs.writeFileSync(name.replace(/ts$/, 'js'), done.outputText);
		}
	}
}

tests.push(async function a_client_is_generated_from_it() {
	const done = node('node_modules/openapi-typescript-codegen/bin/index.js', '--input', 'openapi.json',
		'--output', 'client', '--client', 'fetch', '--useUnionTypes');
	equal(done.status, 0, done.said);
	const program = ts.createProgram([path.join(__dirname, 'client', 'index.ts')], { strict: true,
		noEmit: true, target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
		moduleResolution: ts.ModuleResolutionKind.Node10, types: [] });
	equal(ts.getPreEmitDiagnostics(program).map((d) => ts.flattenDiagnosticMessageText(d.messageText, ' ')),
		[], 'types');
	translate(path.join(__dirname, 'client'));
});

tests.push(async function the_client_controls_the_modem() {
	const { DefaultService, OpenAPI } = require('./client/index.js');
	OpenAPI.BASE = base;
	OpenAPI.TOKEN = token;
	equal((await DefaultService.listModems()).modems.map((m) => m.id), ['1'], 'modems');
	const rung = await DefaultService.actRing('1', { from: '+33612345678' });
	equal(rung.done, true, 'ring');
	const met = await DefaultService.wait('1',
		{ for: ['in-call', 'event=call'], since: rung.events_from, timeout: '30s' });
	equal(met.met, true, 'wait');
	const modem = await DefaultService.getModem('1');
	equal(modem.state.calls[0].number, '+33612345678', 'number');
	let status = 200;
	await DefaultService.wait('1', { for: 'sim=removed' }).catch((e) => { status = e.status; });
	equal(status, 400, 'a wrong value');
	OpenAPI.TOKEN = 'wrong';
	await DefaultService.listModems().catch((e) => { status = e.status; });
	equal(status, 401, 'a wrong token');
});

(async () => {
	let bad = 0;
	console.log(`1..${tests.length}`);
	for (const [i, test] of tests.entries()) {
		try {
			await test();
			console.log(`ok ${i + 1} - ${test.name.replaceAll('_', ' ')}`);
		} catch (e) {
			bad++;
			console.log('# ' + String(e.stack).replaceAll('\n', '\n# '));
			console.log(`not ok ${i + 1} - ${test.name.replaceAll('_', ' ')}`);
		}
	}
	process.exit(bad ? 1 : 0);
})();

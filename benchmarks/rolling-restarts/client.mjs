// Sends requests through pools of kept connections, and writes the status of each, or the error. With two URLs, takes
// them in turn, and the other one if a connection is refused
import { Agent, get } from 'node:https';

const urls = process.argv.slice(2);

const request = (url, agent) => new Promise((resolve) => {
  const failed = (error) => resolve(`${error.code}: ${error.message}`);
  get(url, { agent, timeout: 10000 }, (response) => {
    response.resume();
    response.on('end', () => resolve(response.statusCode));
    response.on('error', failed);
  }).on('error', failed);
});

const user = async (agent, think) => {
  for (let turn = 0; ;) {
    await new Promise((resolve) => setTimeout(resolve, think * (0.2 + Math.random() * 1.6)));
    let outcome = await request(urls[turn++ % urls.length], agent);
    if (urls.length > 1 && `${outcome}`.startsWith('ECONNREFUSED')) {
      outcome = await request(urls[turn++ % urls.length], agent);
    }
    console.log(outcome);
  }
};

for (const think of [200, 600, 2000]) {
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  user(agent, think);
  user(agent, think);
}

// Sends requests through a pool of kept connections, and writes the status of each
import { Agent, get } from 'node:https';

const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
const url = process.argv[2];

const request = () => new Promise((resolve) => {
  get(url, { agent }, (response) => {
    response.resume();
    response.on('end', () => resolve(response.statusCode));
    response.on('error', () => resolve(0));
  }).on('error', () => resolve(0));
});

const user = async () => {
  for (;;) {
    console.log(await request());
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 160));
  }
};

for (let i = 0; i < 3; i++) {
  user();
}

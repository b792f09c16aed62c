// Requests with Node.js. Usage: node client.mjs https|fetch hello|bye|reject URL, see run.sh.
import https from 'node:https'

const [kind, scenario, url] = process.argv.slice(2)
const agent = new https.Agent({ keepAlive: true })

const withHttps = (method, path, body) => new Promise((resolve, reject) => {
  const request = https.request(url + path, { method, agent }, response => {
    let length = 0
    response.on('data', chunk => { length += chunk.length })
    response.on('end', () => resolve([response.statusCode, length]))
    response.on('error', reject)
  })
  request.on('error', reject)
  request.end(body)
})

const withFetch = async (method, path, body) => {
  const response = await fetch(url + path, { method, body })
  return [response.status, (await response.arrayBuffer()).byteLength]
}

const send = kind === 'https' ? withHttps : withFetch
try {
  if (scenario === 'hello') {
    console.log(...await send('GET', '/hello'))
    console.log(...await send('GET', '/hello'))
  } else if (scenario === 'bye') {
    console.log(...await send('GET', '/bye'))
  } else {
    console.log(...await send('POST', '/reject?size=100000', Buffer.alloc(8_000_000)))
  }
} catch (error) {
  console.error(`${error}${error.cause ? `: ${error.cause}` : ''}`)
  process.exitCode = 1
}
agent.destroy()

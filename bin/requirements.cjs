'use strict'

/**
 * What keeps devshm from running here: `{ message, hint }`, or `undefined` if nothing does.
 *
 * @param {string} version as in `process.versions.node`
 * @param {string} platform as in `process.platform`
 */
exports.problemWith = function problemWith(version, platform) {
  if (platform === 'win32') {
    return {
      message: 'devshm does not run on Windows itself: it has no RAM-backed folder to put a database in',
      hint: 'run it inside WSL 2, with the project kept there: https://learn.microsoft.com/windows/wsl/install',
    }
  }
  var parts = version.split('.')
  var major = Number(parts[0])
  if (major < 24 || (major === 24 && Number(parts[1]) < 16)) {
    return {
      message: 'devshm needs Node.js 24.16 or newer, this is v' + version,
      hint: 'install it from https://nodejs.org/en/download or with your version manager, e.g. `nvm install 24`',
    }
  }
  return undefined
}

module.exports = {
  apps: [{
    name: "api", script: "./api.js", interpreter: "node", instances: 4,
    wait_ready: true, listen_timeout: 10000, kill_timeout: 5000,
    exp_backoff_restart_delay: 100, env: { NODE_ENV: "production" },
  }],
};

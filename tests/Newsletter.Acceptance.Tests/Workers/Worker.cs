using System.Diagnostics;

namespace Newsletter.Acceptance.Tests.Workers;

/// <summary>A running <c>newsletter serve --role worker</c>; killed at the end of its test if it still runs.</summary>
internal sealed class Worker : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process process;
    private readonly Task<string> errors;

    private Worker(Process process) => (this.process, errors) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>Starts it and waits until it works.</summary>
    public static async Task<Worker> StartAsync(string folder, params string[] settings)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "newsletter.dll"), "serve", "--role", "worker", "--root", folder, "--urls", "http://127.0.0.1:0",
            .. settings.SelectMany(setting => new[] { "--set", setting }),
        ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var worker = new Worker(Process.Start(start)!);
        while (await worker.process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
            if (line.StartsWith("  weekly", StringComparison.Ordinal)) // the last line of its greeting
                return worker;
        throw new InvalidOperationException($"the worker did not start: {await worker.errors}");
    }

    public int Id => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>Sends it a signal.</summary>
    public Task SignalAsync(string signal) => Machine.RunAsync("kill", "-s", signal, $"{process.Id}");

    /// <summary>SIGKILL, without a process in between: it stands when this returns.</summary>
    public void Kill() => process.Kill();

    /// <summary>Tells it to stop and waits for its end.</summary>
    /// <returns>Its exit code, and what it wrote to standard error.</returns>
    public async Task<(int Code, string Errors)> StopAsync()
    {
        await SignalAsync("TERM");
        return await EndAsync();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<(int Code, string Errors)> EndAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        if (await errors is { Length: > 0 } words) // a test that failed is understood by them
            await TestContext.Out.WriteLineAsync($"worker {process.Id}: {(words.Length > 4000 ? words[..4000] : words)}");
        process.Dispose();
    }
}

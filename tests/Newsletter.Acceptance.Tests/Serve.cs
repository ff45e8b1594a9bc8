using System.Diagnostics;

namespace Newsletter.Acceptance.Tests;

/// <summary>A running <c>newsletter serve</c>, ended with its test.</summary>
internal sealed class Serve : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process process;

    private Serve(Process process) => this.process = process;

    /// <summary>Starts it on a publication's folder and waits until it answers.</summary>
    public static async Task<Serve> StartAsync(string folder, int port, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "newsletter.dll"), "serve", "--root", folder, "--urls", $"http://127.0.0.1:{port}", .. more])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var serve = new Serve(Process.Start(start)!);
        var errors = serve.process.StandardError.ReadToEndAsync();
        while (await serve.process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
            if (line.Contains("dashboard", StringComparison.Ordinal)) // the last line of its greeting
                return serve;
        throw new InvalidOperationException($"newsletter serve did not start: {await errors}");
    }

    /// <summary>Ends it as a power cut would.</summary>
    public Task KillAsync()
    {
        process.Kill();
        return process.WaitForExitAsync().WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Machine.RunAsync("kill", "-TERM", $"{process.Id}");
        await process.WaitForExitAsync().WaitAsync(Patience);
        process.Dispose();
    }
}

using System.Diagnostics;

namespace Newsletter.Acceptance.Tests.Preview;

/// <summary>A running <c>newsletter preview</c>, ended with its test.</summary>
internal sealed class PreviewRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process process;

    private PreviewRun(Process process, string address) => (this.process, Address) = (process, address);

    /// <summary>As it was printed, without a last slash.</summary>
    public string Address { get; }

    /// <summary>Asks as a browser does, without following redirects.</summary>
    public HttpClient Client => field ??= new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new(Address) };

    /// <summary>Starts it on a publication's folder, on a free port, and waits until it has printed its address.</summary>
    public static async Task<PreviewRun> StartAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "newsletter.dll"), "preview", "--root", folder, "--urls", "http://127.0.0.1:0", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
            if (line.Contains("address", StringComparison.Ordinal))
                return new(process, line.Split(' ')[^1]);
        throw new InvalidOperationException($"newsletter preview did not start: {await errors}");
    }

    /// <summary>The lines of <c>/changes</c>, as they come.</summary>
    public async IAsyncEnumerable<string> ChangesAsync(string since)
    {
        using var answer = await Client.GetAsync($"/changes?since={since}", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync().WaitAsync(Patience) is { } line)
            yield return line;
    }

    /// <summary>Ends it by a signal, and gives its exit code.</summary>
    public async Task<int> StopAsync(string signal = "TERM")
    {
        if (!process.HasExited)
            await Machine.RunAsync("kill", $"-{signal}", $"{process.Id}");
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
        process.Dispose();
    }
}

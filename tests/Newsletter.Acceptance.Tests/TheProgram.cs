using System.ComponentModel;
using System.Diagnostics;

namespace Newsletter.Acceptance.Tests;

/// <summary>What a run of <c>newsletter</c> came to.</summary>
internal sealed record Ran(int Code, string Output, string Errors)
{
    /// <summary>The lines of standard error, those of a person's mistakes as a rule.</summary>
    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The executable as a person or a script starts it, on one publication's folder.</summary>
internal sealed class TheProgram(string folder)
{
    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "newsletter.dll");

    /// <summary>The words that start it in a shell.</summary>
    public string Command => $"dotnet '{Assembly}' --root '{folder}'";

    /// <summary>Runs a command to its end.</summary>
    public Task<Ran> RunAsync(params string[] arguments) => RunAsync("dotnet", [Assembly, "--root", folder, .. arguments], "");

    /// <summary>Runs a command with something on its standard input.</summary>
    public Task<Ran> FeedAsync(string input, params string[] arguments) => RunAsync("dotnet", [Assembly, "--root", folder, .. arguments], input);

    /// <summary>Runs a program in the publication's folder.</summary>
    public async Task<Ran> RunAsync(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        using var process = Process.Start(start) ?? throw new Win32Exception(program);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code says why.
        }
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }
}

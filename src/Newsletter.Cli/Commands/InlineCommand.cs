using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Newsletter.Inlining;

namespace Newsletter.Cli;

/// <summary><c>newsletter inline</c>: style sheets into style attributes, for any HTML, with nothing fetched.</summary>
internal static class InlineCommand
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The HTML file, or - for standard input.", DefaultValueFactory = _ => "-" };
        var from = new Option<DirectoryInfo?>("--from") { Description = "Inline every *.html in this folder; style sheets are looked for in it." };
        var to = new Option<DirectoryInfo?>("--to") { Description = "Where --from writes, each document under its own name." };
        var bench = new Option<DirectoryInfo?>("--bench") { Description = "Inline every *.html in this folder over and over, and print the speed." };
        var seconds = new Option<double>("--seconds") { Description = "How long --bench measures.", DefaultValueFactory = _ => 4 };
        var command = new Command("inline", "Moves style sheets into style attributes.") { file, from, to, bench, seconds };
        command.Validators.Add(result =>
        {
            if (result.GetValue(from) is null != result.GetValue(to) is null)
                result.AddError("--from and --to belong together: newsletter inline --from DIR --to DIR");
        });
        command.SetAction((args, ct) => Door.RunAsync(() =>
            args.GetValue(bench) is { } folder ? BenchAsync(folder, args.GetValue(seconds), ct)
            : args.GetValue(from) is { } source ? FolderAsync(source, args.GetValue(to)!, ct)
            : FileAsync(args.GetRequiredValue(file), ct)));
        return command;
    }

    private static async Task<int> FileAsync(string file, CancellationToken ct)
    {
        using var input = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        using var reader = new StreamReader(input, Utf8);
        var html = Inliner.Inline(await reader.ReadToEndAsync(ct), Options(file == "-" ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(file))!));
        using var output = Console.OpenStandardOutput();
        await output.WriteAsync(Utf8.GetBytes(html), ct);
        return ExitCode.Done;
    }

    private static async Task<int> FolderAsync(DirectoryInfo from, DirectoryInfo to, CancellationToken ct)
    {
        to.Create();
        var failed = 0;
        foreach (var file in Documents(from))
        {
            try
            {
                var html = Inliner.Inline(await File.ReadAllTextAsync(file, Utf8, ct), Options(from.FullName));
                await File.WriteAllTextAsync(Path.Combine(to.FullName, Path.GetFileName(file)), html, Utf8, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One document must not keep the others from their turn; the exit code says that one is missing.
                failed++;
                await Console.Error.WriteLineAsync($"{file}: {e.Message.ReplaceLineEndings(" ")}");
            }
        }
        return failed == 0 ? ExitCode.Done : ExitCode.InputHasErrors;
    }

    private static async Task<int> BenchAsync(DirectoryInfo folder, double seconds, CancellationToken ct)
    {
        var options = Options(folder.FullName);
        var documents = new List<(string Html, int Bytes)>();
        foreach (var file in Documents(folder))
        {
            var html = await File.ReadAllTextAsync(file, Utf8, ct);
            documents.Add((html, Utf8.GetByteCount(html)));
        }
        if (documents.Count == 0)
        {
            await Console.Error.WriteLineAsync($"newsletter: no *.html in {folder.FullName}");
            return ExitCode.InputHasErrors;
        }
        WarmUp(documents, options, ct);
        Console.WriteLine(Pass(documents, options, TimeSpan.FromSeconds(seconds), ct));
        return ExitCode.Done;
    }

    /// <summary>Until the code is compiled for good: a second that is hardly faster than the one before, at most ten of them.</summary>
    private static void WarmUp(List<(string Html, int Bytes)> documents, InlinerOptions options, CancellationToken ct)
    {
        var (before, at) = (0L, 0);
        for (var second = 0; second < 10; second++)
        {
            var count = 0L;
            for (var cpu = Environment.CpuUsage.TotalTime; (Environment.CpuUsage.TotalTime - cpu).TotalSeconds < 1; count++, at++)
            {
                ct.ThrowIfCancellationRequested();
                Inliner.Inline(documents[at % documents.Count].Html, options);
            }
            if (second > 2 && count < before * 1.03)
                return;
            before = count;
        }
    }

    private static string Pass(List<(string Html, int Bytes)> documents, InlinerOptions options, TimeSpan time, CancellationToken ct)
    {
        var (count, bytes) = (0L, 0L);
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        do
        {
            foreach (var (html, size) in documents)
            {
                ct.ThrowIfCancellationRequested();
                Inliner.Inline(html, options);
                (count, bytes) = (count + 1, bytes + size);
            }
        }
        while (clock.Elapsed < time);
        var used = Environment.CpuUsage.TotalTime - cpu;
        return string.Create(CultureInfo.InvariantCulture,
            $$"""{"documents":{{count}},"bytes":{{bytes}},"seconds":{{clock.Elapsed.TotalSeconds:F3}},"cpu":{{used.TotalSeconds:F3}}}""");
    }

    private static IEnumerable<string> Documents(DirectoryInfo folder) =>
        Directory.EnumerateFiles(folder.FullName, "*.html").Order(StringComparer.Ordinal);

    /// <summary>Style sheets come from the folder of the document and from below it, and from nowhere else.</summary>
    private static InlinerOptions Options(string folder) => new() { StyleSheet = address => Read(folder, address) };

    private static string? Read(string folder, string address)
    {
        var path = Uri.UnescapeDataString(address.Split('?', '#')[0]);
        if (path.Length == 0 || path.Contains(':') || path.StartsWith('/') || path.Contains('\0'))
            return null;
        var full = Path.GetFullPath(Path.Combine(folder, path));
        var inside = full.StartsWith(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return inside && File.Exists(full) ? File.ReadAllText(full, Utf8) : null;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using Newsletter.Inlining;

namespace Newsletter.Cli;

/// <summary><c>newsletter inline --bench DIR</c>: how fast the documents of a folder are inlined, in one process and on one thread.</summary>
internal static class InlineBench
{
    public static async Task<int> RunAsync(DirectoryInfo folder, TimeSpan time, CancellationToken ct)
    {
        var documents = new List<(string Html, int Bytes)>();
        foreach (var file in InlineCommand.Documents(folder))
        {
            var octets = await File.ReadAllBytesAsync(file, ct);
            documents.Add((HtmlFile.Read(octets).Text, octets.Length));
        }
        if (documents.Count == 0)
            return ExitCode.InputHasErrors;
        var options = InlineCommand.Options(folder.FullName, Encoding.UTF8);
        WarmUp(documents, options, ct);
        Console.WriteLine(Pass(documents, options, time, ct));
        return ExitCode.Done;
    }

    /// <summary>Until the code is compiled for good: four seconds in a row of which none was faster than the best before, at most twenty seconds. On one core the compiler takes its share of them.</summary>
    private static void WarmUp(List<(string Html, int Bytes)> documents, InlinerOptions options, CancellationToken ct)
    {
        var (best, since, at) = (0L, 0, 0);
        for (var second = 0; second < 20 && since < 4; second++)
        {
            var count = 0L;
            for (var cpu = Environment.CpuUsage.TotalTime; (Environment.CpuUsage.TotalTime - cpu).TotalSeconds < 1; count++, at++)
            {
                ct.ThrowIfCancellationRequested();
                Inliner.Inline(documents[at % documents.Count].Html, options);
            }
            (best, since) = count > best * 1.03 ? (count, 0) : (best, since + 1);
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
}

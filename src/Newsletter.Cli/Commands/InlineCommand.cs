using System.CommandLine;
using System.Text;
using Newsletter.Inlining;

namespace Newsletter.Cli;

/// <summary><c>newsletter inline</c>: style sheets into style attributes, for any HTML, with nothing fetched.</summary>
internal static class InlineCommand
{
    private const string Words = """
        Moves style sheets into style attributes.

        newsletter inline letter.html > inlined.html      one document; - or nothing reads standard input
        newsletter inline --from letters --to inlined     every *.html of a folder
        Style sheets that a document links to are read from its folder and from below it; nothing is fetched.
        """;

    public static Command Create()
    {
        var file = new Argument<string?>("file") { Description = "The HTML file, or - for standard input (the default).", Arity = ArgumentArity.ZeroOrOne };
        var from = new Option<DirectoryInfo?>("--from") { Description = "Inline every *.html in this folder; style sheets are looked for in it." };
        var to = new Option<DirectoryInfo?>("--to") { Description = "Where --from writes, each document under its own name." };
        var bench = new Option<DirectoryInfo?>("--bench") { Description = "Inline every *.html in this folder over and over, and print the speed." };
        var seconds = new Option<double>("--seconds") { Description = "How long --bench measures.", DefaultValueFactory = _ => 4 };
        var command = new Command("inline", Words) { file, from, to, bench, seconds };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 3600))
                result.AddError("--seconds: write a number above 0 and up to 3600");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(from) is null != result.GetValue(to) is null)
                result.AddError("--from and --to belong together: newsletter inline --from DIR --to DIR");
            if (result.GetValue(from) is { } source && result.GetValue(to) is { } target && Path.TrimEndingDirectorySeparator(source.FullName) == Path.TrimEndingDirectorySeparator(target.FullName))
                result.AddError("--from and --to are one folder: the documents would be overwritten; name another with --to");
            if (new[] { result.GetValue(file) is not null, result.GetValue(from) is not null, result.GetValue(bench) is not null }.Count(given => given) > 1)
                result.AddError("a file, --from and --bench are three ways to say what to inline: give one of them");
        });
        command.SetAction((args, ct) => Door.RunAsync(() =>
            args.GetValue(bench) is { } folder ? InlineBench.RunAsync(folder, TimeSpan.FromSeconds(args.GetValue(seconds)), ct)
            : args.GetValue(from) is { } source ? FolderAsync(source, args.GetValue(to)!, ct)
            : FileAsync(args.GetValue(file) ?? "-", ct)));
        return command;
    }

    /// <summary>The documents of a folder; words on standard error where there is no such folder or none in it.</summary>
    internal static string[] Documents(DirectoryInfo folder)
    {
        string[] found = folder.Exists ? [.. Directory.EnumerateFiles(folder.FullName, "*.html").Order(StringComparer.Ordinal)] : [];
        if (found.Length == 0)
            Say(folder.FullName, folder.Exists ? "no *.html is in it" : "there is no such folder");
        return found;
    }

    /// <summary>Style sheets come from the folder of the document and from below it, and from nowhere else.</summary>
    internal static InlinerOptions Options(string folder, Encoding encoding) => new() { StyleSheet = address => Read(folder, address, encoding) };

    /// <summary>The same for a document with a name: which of its sheets are not at hand is said on standard error.</summary>
    private static InlinerOptions Options(string folder, Encoding encoding, string document) => new()
    {
        StyleSheet = address =>
        {
            var sheet = Read(folder, address, encoding);
            if (sheet is null && !IsOfTheWeb(address))
                Say(document, $"the style sheet `{(address.Length > 80 ? address[..80] : address)}` is not in its folder or below it, and its link stays");
            return sheet;
        },
    };

    private static bool IsOfTheWeb(string address) => address.StartsWith("//", StringComparison.Ordinal) || Uri.TryCreate(address, UriKind.Absolute, out var uri) && !uri.IsFile;

    private static async Task<int> FileAsync(string file, CancellationToken ct)
    {
        if (file != "-" && !File.Exists(file))
            return Say(file, Directory.Exists(file) ? "this is a folder; inline it with --from DIR --to DIR" : "there is no such file");
        using var input = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        using var octets = new MemoryStream();
        await input.CopyToAsync(octets, ct);
        var read = HtmlFile.Read(octets.GetBuffer().AsSpan(0, (int)octets.Length));
        var html = Inliner.Inline(read.Text, Options(file == "-" ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(file))!, read.Encoding, file == "-" ? "standard input" : file));
        using var output = Console.OpenStandardOutput();
        await output.WriteAsync(read.Write(html), ct);
        return ExitCode.Done;
    }

    private static async Task<int> FolderAsync(DirectoryInfo from, DirectoryInfo to, CancellationToken ct)
    {
        var documents = Documents(from);
        if (documents.Length == 0)
            return ExitCode.InputHasErrors;
        OutputFiles.MakeFolder("--to", to.FullName);
        var all = true;
        foreach (var file in documents)
        {
            if (await ReadAsync(file, ct) is not { } read)
                all = false; // one document must not keep the others from their turn; the exit code says that one is missing
            else
                OutputFiles.Write("--to", Path.Combine(to.FullName, Path.GetFileName(file)), read.Write(Inliner.Inline(read.Text, Options(from.FullName, read.Encoding, file))));
        }
        return all ? ExitCode.Done : ExitCode.InputHasErrors;
    }

    private static async Task<HtmlFile?> ReadAsync(string file, CancellationToken ct)
    {
        try
        {
            return HtmlFile.Read(await File.ReadAllBytesAsync(file, ct));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Say(file, $"cannot be read: {e.Message}");
            return null;
        }
    }

    private static string? Read(string folder, string address, Encoding encoding)
    {
        var path = Uri.UnescapeDataString(address.Split('?', '#')[0]);
        if (path.Length == 0 || path.Contains(':') || path.StartsWith('/') || path.Contains('\0'))
            return null;
        var inside = Path.GetRelativePath(folder, Path.Combine(folder, path));
        if (new Mailroom.SafeFolder(folder).Find(inside) is not { } full)
            return null;
        var octets = File.ReadAllBytes(full);
        return encoding.Equals(Encoding.Latin1) ? encoding.GetString(octets) : HtmlFile.Read(octets).Text;
    }

    private static int Say(string where, string words)
    {
        Console.Error.WriteLine(Plain.Line($"newsletter: {where}: {words}"));
        return ExitCode.InputHasErrors;
    }
}

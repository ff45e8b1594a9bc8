using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Web;

namespace Newsletter.Cli;

/// <summary><c>newsletter preview</c>: shows issues while they are written. It writes nothing and sends nothing.</summary>
internal static class PreviewCommand
{
    private const string DefaultUrl = "http://127.0.0.1:5090";

    private static readonly Argument<string?> Issue = new("PATH")
    {
        Description = "The issue: its file, number or name; or a folder of issues. Without it: all issues of the publication, the newest first.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Urls = new("--urls")
    {
        Description = "Where to listen, separated by ;. This machine alone by default: drafts and readers' names are nobody else's.",
        DefaultValueFactory = _ => DefaultUrl,
    };

    private static readonly Option<string?> Subscriber = new("--subscriber") { Description = "Show the letter of this subscriber of the list (an address) instead of a sample reader's; the page can change it." };

    public static Command Create()
    {
        var command = new Command("preview", """
            Shows issues as mail programs will: desktop, phone, dark, images off, plain text, source and web page,
            with what is wrong beside it. Open the printed address in a browser; the page follows whatever you save.
            Writes nothing and sends nothing; ends with Ctrl+C.

            newsletter preview                            all issues of the publication
            newsletter preview 149                        one issue, by number, name or path
            newsletter preview drafts/                    a folder of issues elsewhere
            newsletter preview 149 --subscriber ada@example.org
            """) { Issue, Urls, Subscriber };
        command.SetAction((args, ct) => Door.RunAsync(async () =>
        {
            var setup = Setup(args);
            await using var readers = ReadersToLookAt.Open(Door.Configuration(args), setup.Folder);
            if (await UnknownAsync(setup, readers, ct) is { } words)
                return Say(words, ExitCode.InputHasErrors);
            await using var site = PreviewSite.Open(setup, readers);
            return await ShowAsync(site, setup, ct);
        }));
        return command;
    }

    /// <exception cref="SettingException">A setting or an argument is wrong.</exception>
    private static PreviewSetup Setup(ParseResult args)
    {
        var folder = Door.Folder(args);
        var sample = SampleLetter.Open(Door.Configuration(args), folder);
        var options = new WebOptions { Urls = args.GetRequiredValue(Urls) };
        return new()
        {
            Folder = folder,
            Publication = sample.Publication,
            Sample = sample.Values,
            Path = PathOf(args.GetValue(Issue), folder, sample.Publication),
            Subscriber = args.GetValue(Subscriber) ?? "",
            Listen = options.Validate(new(options)).FirstOrDefault() is { } fault ? throw new SettingException($"--urls {fault.ErrorMessage}") : options.Listen,
        };
    }

    private static string PathOf(string? wanted, PublicationFolder folder, Publication publication)
    {
        if (wanted is null)
            return Directory.Exists(folder.Issues) ? folder.Issues : throw new SettingException($"there is no folder {folder.Issues}; name an issue's file, or the publication's folder with --root");
        var issues = new IssueFolder(folder, publication);
        if (issues.FindFolder(wanted) is { } directory)
            return Path.TrimEndingDirectorySeparator(directory);
        return issues.Find(wanted)
            ?? throw new SettingException($"there is no issue {wanted} in {folder.Issues}; name it by number (149), name (some-slug) or path (issues/0149.md)");
    }

    private static async Task<string?> UnknownAsync(PreviewSetup setup, ReadersToLookAt readers, CancellationToken ct)
    {
        if (setup.Subscriber.Length == 0)
            return null;
        if (EmailAddress.Read(setup.Subscriber) is not { } address)
            return $"--subscriber {setup.Subscriber}: this is no mail address; write it as ada@example.org";
        var (profile, trouble) = await readers.FindAsync(address, ct);
        return profile is null ? trouble ?? $"--subscriber {setup.Subscriber}: nobody on the list has this address; leave it out to see a sample reader's letter" : null;
    }

    private static async Task<int> ShowAsync(WebApplication site, PreviewSetup setup, CancellationToken stop)
    {
        if (await Listening.StartAsync(site, string.Join(", ", setup.Listen), stop) is { } trouble)
            return Say(trouble, ExitCode.WorldFailed);
        Console.WriteLine($"{Plain.Line(setup.Publication.Name)} is shown while you write; stop with Ctrl+C.");
        Console.WriteLine($"  issues     {setup.Path}");
        Console.WriteLine($"  address    {string.Join(", ", site.Urls)}");
        if (site.Urls.Any(url => !new Uri(url).IsLoopback))
            Console.Error.WriteLine("newsletter: others can reach this address, too: whoever does reads your drafts, and a reader's name for an address they guess");
        await site.WaitForShutdownAsync(stop);
        Console.WriteLine("Stopped; nothing was written or sent.");
        return ExitCode.Done; // being told to stop is how a server ends
    }

    private static int Say(string words, int code)
    {
        Console.Error.WriteLine($"newsletter: {Plain.Line(words)}");
        return code;
    }
}

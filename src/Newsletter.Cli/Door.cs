using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Cli;

/// <summary>The way in for every command: opens the publication, runs the verb, and turns what went wrong into one line and an exit code.</summary>
internal static class Door
{
    private static readonly Option<FileInfo?> Config = new("--config") { Description = "The configuration file (default: appsettings.json in the publication's folder).", Recursive = true };
    private static readonly Option<DirectoryInfo?> Root = new("--root") { Description = "The publication's folder (default: the current one).", Recursive = true };
    private static readonly Option<string[]> Set = new("--set") { Description = "A configuration value for this run: Section:Key=Value. May be repeated.", Recursive = true };

    public static void AddTo(RootCommand command)
    {
        Set.Validators.Add(result =>
        {
            foreach (var pair in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
                result.AddError($"--set {pair.Value}: write Section:Key=Value, for example --set Publication:Name=\"Field Notes\"");
        });
        command.Options.Add(Config);
        command.Options.Add(Root);
        command.Options.Add(Set);
    }

    /// <summary>The folder that the command line names.</summary>
    /// <exception cref="SettingException">There is none: a slip of the pen must not make a publication somewhere.</exception>
    public static PublicationFolder Folder(ParseResult args) => args.GetValue(Root) is { Exists: false } missing
        ? throw new SettingException($"--root {missing}: there is no such folder; name the publication's folder, or make it first")
        : new(Path.GetFullPath(args.GetValue(Root)?.FullName ?? Environment.CurrentDirectory));

    /// <summary>The configuration that the command line names.</summary>
    /// <exception cref="SettingException">It cannot be read.</exception>
    public static IConfigurationRoot Configuration(ParseResult args) => Settings.Load(Folder(args), args.GetValue(Config)?.FullName, args.GetValue(Set) ?? []);

    /// <summary>Runs a verb that needs no publication.</summary>
    public static Task<int> RunAsync(Func<Task<int>> verb) => GuardAsync(verb, () => "database");

    /// <summary>Runs a verb on the publication, its database brought up to date.</summary>
    public static Task<int> RunAsync(ParseResult args, Func<IServiceProvider, CancellationToken, Task<int>> verb, CancellationToken ct)
    {
        var database = "database";
        return GuardAsync(async () =>
        {
            var configuration = Configuration(args);
            var folder = Folder(args);
            database = Where(configuration, folder);
            await using var services = new ServiceCollection().AddSingleton(Performer.Command(Environment.UserName)).AddNewsletter(configuration, folder).BuildServiceProvider();
            await services.GetRequiredService<Database>().MigrateAsync(ct);
            return await verb(services, ct);
        }, () => database);
    }

    /// <summary>As the other, for verbs that put something under way: all settings are read first, so that a wrong one finds nothing begun.</summary>
    public static Task<int> RunCheckedAsync(ParseResult args, Func<IServiceProvider, CancellationToken, Task<int>> verb, CancellationToken ct) => RunAsync(() =>
    {
        Wiring.CheckSettings(Configuration(args), Folder(args));
        return RunAsync(args, verb, ct);
    });

    private static async Task<int> GuardAsync(Func<Task<int>> verb, Func<string> database)
    {
        try
        {
            return await verb();
        }
        catch (OperationCanceledException)
        {
            return Say("stopped", ExitCode.StoppedByPerson);
        }
        catch (SettingException e)
        {
            return e.Message.Split('\n').Select(fault => Say(fault, ExitCode.InputHasErrors)).Max();
        }
        catch (Exception e) when (DatabaseTrouble.Explain(e, database()) is { } words)
        {
            return Say(words, ExitCode.WorldFailed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Say(e.Message, ExitCode.WorldFailed);
        }
    }

    private static int Say(string words, int code)
    {
        Console.Error.WriteLine($"newsletter: {Plain.Line(words)}");
        return code;
    }

    /// <summary>The database as its owner knows it, without a password.</summary>
    private static string Where(IConfiguration configuration, PublicationFolder folder) =>
        configuration["Database:ConnectionString"] is not { Length: > 0 } text
            ? folder.Database
            : string.Join(' ', text.Split(';').Where(part => part.TrimStart().StartsWith("Host", StringComparison.OrdinalIgnoreCase)
                || part.TrimStart().StartsWith("Database", StringComparison.OrdinalIgnoreCase) || part.TrimStart().StartsWith("Data Source", StringComparison.OrdinalIgnoreCase))
                .Select(part => part[(part.IndexOf('=') + 1)..].Trim()));
}

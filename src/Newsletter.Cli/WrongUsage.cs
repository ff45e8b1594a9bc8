using System.CommandLine;
using System.CommandLine.Parsing;

namespace Newsletter.Cli;

/// <summary>A command line that is none: a line for each fault, instead of the whole help over it.</summary>
internal static class WrongUsage
{
    public static int Say(ParseResult parsed)
    {
        // A word that is no command is told twice: that the word is not known, and that a command is missing.
        var errors = parsed.UnmatchedTokens.Count > 0 ? parsed.Errors.TakeLast(parsed.UnmatchedTokens.Count) : parsed.Errors;
        foreach (var error in errors.Select(error => error.Message).Distinct())
            Console.Error.WriteLine($"newsletter: {error.ReplaceLineEndings(" ").TrimEnd('.')} ({Path(parsed)} --help tells how to write it)");
        return ExitCode.WrongUsage;
    }

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult command && command.Command is not RootCommand; at = command.Parent)
            names.Insert(0, command.Command.Name);
        return string.Join(' ', ["newsletter", .. names]);
    }
}

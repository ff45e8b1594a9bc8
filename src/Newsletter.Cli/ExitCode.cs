namespace Newsletter.Cli;

/// <summary>What a script learns from an exit (docs/architecture.md §3).</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The input has errors; all of them are listed.</summary>
    public const int InputHasErrors = 1;

    public const int WrongUsage = 2;

    /// <summary>Relay, database, disk.</summary>
    public const int WorldFailed = 3;

    public const int StoppedByPerson = 4;

    /// <summary>For a mail server alone (<c>receive --mta</c>): EX_TEMPFAIL of sysexits.h, bring it again later.</summary>
    public const int TryAgain = 75;
}

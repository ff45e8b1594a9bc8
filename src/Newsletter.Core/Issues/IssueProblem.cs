namespace Newsletter.Issues;

/// <summary>How bad a problem is.</summary>
public enum Severity
{
    /// <summary>Worth knowing; nothing to do.</summary>
    Info,

    /// <summary>Probably a slip; the issue can be sent.</summary>
    Warning,

    /// <summary>The issue cannot be sent as it is.</summary>
    Error,
}

/// <summary>Something that an issue's author should put right, and where. Never thrown: all of an issue's problems are in one list.</summary>
/// <param name="Line">The line in the file, from 1; 0 where the problem is the file as a whole.</param>
/// <param name="Column">The column in characters (UTF-16), from 1; 0 where no column can be named.</param>
/// <param name="Severity">An error keeps the issue from being sent.</param>
/// <param name="Code">A stable short name, such as <c>date-invalid</c>: scripts and the silencing of single problems rely on it.</param>
/// <param name="Message">What is wrong, one line.</param>
/// <param name="Hint">What to do about it, one line; may be empty.</param>
public sealed record IssueProblem(int Line, int Column, Severity Severity, string Code, string Message, string Hint)
{
    /// <summary><c>line:col: severity code message</c>, with the hint in brackets.</summary>
    public override string ToString() =>
        $"{Line}:{Column}: {Severity.ToString().ToLowerInvariant()} {Code} {Message}{(Hint.Length > 0 ? $" ({Hint})" : "")}";
}

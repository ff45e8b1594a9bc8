namespace Newsletter.Subscribers;

/// <summary>What taking an import back came to.</summary>
/// <param name="Removed">Of whom it added: those to whom nothing had happened since. They are gone, and may come by another list.</param>
/// <param name="Ended">Of whom it added: those who were mailed or did something since. Their rows stay, and they are mailed no more.</param>
/// <param name="Left">Of whom it added: those who had left, or were forgotten, before.</param>
/// <param name="Restored">Of whom it changed: those who say again what they said before.</param>
/// <param name="Kept">Of whom it changed: those who were changed again since, and stay as they are.</param>
public sealed record ImportUndone(long Removed, long Ended, long Left, long Restored, long Kept)
{
    /// <summary>What two parts come to together.</summary>
    public static ImportUndone operator +(ImportUndone one, ImportUndone other) =>
        new(one.Removed + other.Removed, one.Ended + other.Ended, one.Left + other.Left, one.Restored + other.Restored, one.Kept + other.Kept);
}

/// <summary>An import as the list of them has it.</summary>
/// <param name="Run">Which, and what it came to.</param>
/// <param name="State"><c>running</c> (or cut short: the same list again goes on with it), <c>done</c>, <c>undone</c>.</param>
/// <param name="EndedAt">When its last row was in, or it was taken back.</param>
public sealed record PastImport(ImportRun Run, string State, DateTimeOffset? EndedAt);

namespace Newsletter.Classifying;

/// <summary>How sure a verdict is; which kinds of evidence gave it, not a probability.</summary>
public enum Confidence
{
    /// <summary>A guess: no more than a reply code, words somewhere in the report, or words that the status contradicts. Wait for a second one before acting.</summary>
    Low,

    /// <summary>Known words of a server, a program or a person, or a telling status without words.</summary>
    Medium,

    /// <summary>The form of a standard, or words and status that say the same.</summary>
    High,
}

namespace Newsletter.Replies;

/// <summary>What a part of a mail is to its reader.</summary>
public enum BlockKind
{
    /// <summary>What the person wrote, also between quoted lines.</summary>
    Written,

    /// <summary>The mail that is answered, with the line or header that names it.</summary>
    Quoted,

    /// <summary>A signature: name, firm, numbers.</summary>
    Signature,

    /// <summary>What a mail program, a virus scanner or a firm's lawyer adds: "Sent from my phone", a disclaimer.</summary>
    Footer,

    /// <summary>A mail that is handed on, with its header.</summary>
    Forwarded,
}

/// <summary>A part of a text. The parts of a text, one behind the other, are the text: nothing is lost.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Whole lines with their ends.</param>
public sealed record FoldedBlock(BlockKind Kind, string Text);

/// <summary>A part of an HTML text, safe to stand in a page of ours.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its words, lines ended by LF.</param>
/// <param name="Html">Of allowed elements alone, balanced, every text escaped, nothing that loads from elsewhere.</param>
public sealed record FoldedMarkup(BlockKind Kind, string Text, string Html);

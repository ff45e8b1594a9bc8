namespace Newsletter.Subscribers;

/// <summary>Follows the audit log's chain line by line, and keeps nothing but where it is.</summary>
/// <param name="seal">Of this publication.</param>
public sealed class AuditCheck(AuditSeal seal)
{
    /// <summary>How many lines fitted.</summary>
    public long Lines { get; private set; }

    /// <summary>The hash of the last of them; empty for none.</summary>
    public string Head { get; private set; } = "";

    /// <summary>Takes the next line.</summary>
    /// <returns>What is wrong with it; null where it fits.</returns>
    public string? Take(AuditLine line, string hash)
    {
        if (line.Seq != Lines + 1)
            return $"line {line.Seq} stands where line {Lines + 1} belongs: a line is gone, or was put in";
        if (line.Previous != Head)
            return $"line {line.Seq} does not go on from line {Lines}: one of the two is another than was written";
        if (!seal.Fits(line, hash))
            return $"line {line.Seq} is not as it was written (or by a key that is not in the key file any more)";
        (Lines, Head) = (line.Seq, hash);
        return null;
    }

    /// <summary>After the last line.</summary>
    /// <returns>What is wrong with the chain's end; null where it is here.</returns>
    public string? End(long seq, string hash, string sealOfEnd) => (seq, hash) == (Lines, Head) && seal.IsEnd(seq, hash, sealOfEnd)
        ? null
        : $"the log ends with line {Lines}, and that is not its end: lines are gone, or were put in";
}

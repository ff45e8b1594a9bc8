using System.Security.Cryptography;

namespace Newsletter.Composing;

/// <summary>A SHA-256 that is gathered piece by piece. One for each thread, for one hash at a time.</summary>
internal sealed class RunningHash
{
    [ThreadStatic] private static RunningHash? ofThread;

    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private bool isEmpty = true;

    /// <summary>An empty one. One before on this thread that was not finished is lost.</summary>
    public static RunningHash Begin()
    {
        ofThread ??= new();
        if (!ofThread.isEmpty)
            ofThread.Finish();
        return ofThread;
    }

    public RunningHash Add(ReadOnlySpan<byte> octets)
    {
        isEmpty = false;
        sha256.AppendData(octets);
        return this;
    }

    /// <summary>The hash of all that was added; it is empty again.</summary>
    public byte[] Finish()
    {
        isEmpty = true;
        return sha256.GetHashAndReset();
    }
}

using Newsletter.Addresses;
using Newsletter.Classifying;

namespace Newsletter.Returns;

/// <summary>What the editor is told about who a reply is from.</summary>
/// <param name="Word">proven, unproven, failed, impostor; empty where nobody has looked.</param>
/// <param name="Words">For the editor's eyes; empty likewise.</param>
public sealed record ReplySender(string Word, string Words)
{
    /// <summary>Judges a sender.</summary>
    /// <param name="proof">What trusted hosts say.</param>
    /// <param name="sender">The address in From.</param>
    /// <param name="house">The editor's and the publication's own addresses: whoever writes as one of them and proves nothing is called out.</param>
    public static ReplySender Of(SenderProof proof, string sender, IReadOnlyCollection<EmailAddress> house) =>
        proof.Level is not ProofLevel.Proven && EmailAddress.Read(sender) is { } from && house.Contains(from)
            ? new("impostor", proof.Level is ProofLevel.Unknown ? "it names your own address as its sender, and nothing proves it" : $"it names your own address as its sender: {proof.Words}")
            : new(proof.Level is ProofLevel.Unknown ? "" : proof.Level.ToString().ToLowerInvariant(), proof.Words);
}

using System.ComponentModel.DataAnnotations;

namespace Newsletter.Composing;

/// <summary>One signing key. Section <c>Dkim</c> of the configuration is a list of them: RSA first, an Ed25519 key beside it under its own selector.</summary>
public sealed class DkimOptions
{
    /// <summary>The signing domain (<c>d=</c>): the From address's, or one above it, else DMARC does not see the signature. No default.</summary>
    [Required] public required string Domain { get; init; }

    /// <summary>The selector (<c>s=</c>): the public key stands at <c>selector._domainkey.domain</c>. No default.</summary>
    [Required] public required string Selector { get; init; }

    /// <summary>The private key in PEM, PKCS#1 or PKCS#8, not encrypted; readable by us alone. Relative to the publication's folder.</summary>
    [Required] public required string KeyFile { get; init; }
}

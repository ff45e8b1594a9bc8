using System.Collections.Frozen;

namespace Newsletter.Sending;

/// <summary>What the operator can do about a reply that keeps coming. Where nothing is known, nothing is said.</summary>
/// <remarks>Codes: RFC 5321 §4.2, RFC 4954 §6; enhanced status: RFC 3463 §3, RFC 7372, and what large providers document of their own.</remarks>
public static class ReplyRemedies
{
    private const string Records = "publish or mend SPF, DKIM and DMARC of the sending domain";
    private const string SignIn = "check User and Password in Relays";
    private const string Address = "the address is no good: its reader is suspended; correct it with subscribers remove and add, if you know better";
    private const string Wait = "nothing to do: it is tried again by itself";
    private const string Pace = "lower Rate and Connections in Relays; it is tried again by itself";

    /// <summary>By the enhanced status after its first digit, <c>7.26</c> of 5.7.26 and 4.7.26; or by all of it, where "not now" is mostly about how much came and "no" about who sends.</summary>
    private static readonly FrozenDictionary<string, string> ByStatus = new Dictionary<string, string>
    {
        ["1.1"] = Address, ["1.2"] = Address, ["1.3"] = Address, ["1.6"] = Address, ["1.10"] = Address,
        ["1.7"] = "the sender's address is refused: check Publication:FromAddress and Returns:Domain", ["1.8"] = "the sender's domain is refused: Returns:Domain needs an MX or A record",
        ["2.1"] = "the mailbox is closed or blocked; if that stays so, its reader is lost",
        ["2.2"] = "the mailbox is full; only its owner can help",
        ["2.3"] = "the letter is too large for the mailbox: fewer or smaller images", ["3.4"] = "the letter is too large for the relay: fewer or smaller images, or another relay",
        ["3.1"] = "the relay's disk is full: tell its operator", ["3.2"] = "the relay takes no mail just now; " + Wait,
        ["4.4"] = "the reader's domain has no mail server", ["4.6"] = "the relay sends in circles: check its routing",
        ["5.3"] = "the relay takes fewer recipients: " + Pace,
        ["6.7"] = "the relay or the reader's server knows no international addresses (SMTPUTF8)",
        ["4.7.0"] = "the server limits or greylists us: " + Wait, ["4.7.1"] = "the server limits or greylists us: " + Wait,
        ["7.0"] = "a policy of the relay or the reader's server: read its words",
        ["7.1"] = "refused by policy, often as spam: " + Records + ", and look whether your address stands on a blocklist",
        ["7.8"] = SignIn, ["7.9"] = SignIn, ["7.11"] = "the relay wants TLS: set Security in Relays",
        ["7.20"] = Records + " (DKIM)", ["7.21"] = Records + " (DKIM)", ["7.22"] = Records + " (DKIM)", ["7.23"] = Records + " (SPF)", ["7.24"] = Records + " (SPF)",
        ["7.25"] = "the sending address needs a name that leads back to it (PTR and A)", ["7.26"] = Records, ["7.27"] = Records + " (SPF)", ["7.28"] = "too much mail at once for this server: " + Pace,
        ["7.29"] = "the relay must use TLS towards this server: tell its operator", ["7.30"] = Records + " (DKIM)", ["7.32"] = Records + " (DMARC alignment)", ["7.40"] = Records + " (DMARC)",
        ["7.515"] = Records + "; Outlook.com wants all three of large senders",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<int, string> ByCode = new Dictionary<int, string>
    {
        [421] = "the relay is busy or limits us: " + Pace,
        [450] = "greylisting or a busy mailbox: " + Wait, [451] = "greylisting or a passing fault: " + Wait,
        [452] = "the relay or the mailbox has no room, or limits us: " + Pace, [454] = "the relay cannot sign us in or encrypt just now; " + Wait,
        [530] = SignIn, [534] = SignIn, [535] = SignIn, [538] = "the relay wants TLS: set Security in Relays",
        [550] = Address, [551] = Address, [553] = Address,
        [552] = "the letter is too large, or the mailbox full", [554] = "refused as a whole, often as spam: " + Records + ", and look whether your address stands on a blocklist",
        [571] = "refused by policy, often as spam: " + Records,
    }.ToFrozenDictionary();

    /// <summary>Empty where none is known.</summary>
    /// <param name="code">The reply code; null where there was no reply.</param>
    /// <param name="status">The enhanced status; null where the reply had none. It says more than the code.</param>
    public static string Of(int? code, string? status) =>
        status is { Length: > 2 } && (ByStatus.TryGetValue(status, out var remedy) || ByStatus.TryGetValue(status[2..], out remedy)) ? remedy
        : code is { } number && ByCode.TryGetValue(number, out remedy) ? remedy
        : "";
}

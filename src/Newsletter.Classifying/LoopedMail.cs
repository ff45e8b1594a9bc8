namespace Newsletter.Classifying;

/// <summary>Knows a mail that goes round and round.</summary>
internal static class LoopedMail
{
    /// <summary>RFC 5321 §6.3: no server should take fewer than a hundred for a loop.</summary>
    private const int MaxReceived = 100;

    public static ReturnedMail? Read(IncomingMail mail) => mail.Count("Received") > MaxReceived
        ? new ReturnedMail.Other { Evidence = $"more than {MaxReceived} Received fields: a loop (RFC 5321 §6.3)", Confidence = Confidence.High }
        : null;
}

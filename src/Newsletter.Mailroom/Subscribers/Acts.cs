using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>What people do, with its line in the audit log: <see cref="AuditLog"/>.</summary>
/// <param name="log">Where it is written down.</param>
/// <param name="seal">Names addresses that are no subscriber's.</param>
/// <param name="usual">Who acts in this process: whoever gave the command, or in <c>serve</c> the clock.</param>
/// <param name="time">The time.</param>
public sealed class Acts(AuditLog log, AuditSeal seal, Performer usual, TimeProvider time)
{
    private readonly AsyncLocal<Performer?> performer = new();

    /// <summary>Who acts here.</summary>
    public Performer By => performer.Value ?? usual;

    /// <summary>From here on somebody else acts: in what the caller goes on to call, not in what has called it.</summary>
    public void Are(Performer of) => performer.Value = of;

    /// <summary>Does something by one call of a store, and writes the line of it in the same transaction.</summary>
    /// <param name="work">The call.</param>
    /// <param name="deed">The line, by what came of it; null: nothing was done.</param>
    public Task<T> DoAsync<T>(Func<Task<T>> work, Func<T, Deed?> deed) => log.RecordAsync(By, time.GetUtcNow(), work, deed);

    /// <summary>Writes a line by itself.</summary>
    public Task NoteAsync(Deed deed, CancellationToken ct) => log.AppendAsync(By, time.GetUtcNow(), deed, ct);

    /// <inheritdoc cref="AuditSeal.Subject"/>
    public string Subject(EmailAddress address) => seal.Subject(address);
}

using Newsletter.Addresses;

namespace Newsletter.Mailroom;

/// <summary>The addresses that the editor writes from.</summary>
/// <param name="Mailbox">Their own mailbox, to which replies are handed on.</param>
/// <param name="Publication">The address in From of all letters.</param>
public sealed record EditorAddresses(EmailAddress Mailbox, EmailAddress Publication)
{
    /// <summary>Both.</summary>
    public IReadOnlyList<EmailAddress> All { get; } = [Mailbox, Publication];

    /// <summary>Of a publication whose settings were checked when they were read.</summary>
    public static EditorAddresses Of(Publication publication) =>
        new(EmailAddress.Read(publication.EditorAddress.Length > 0 ? publication.EditorAddress : publication.FromAddress)!, EmailAddress.Read(publication.FromAddress)!);
}

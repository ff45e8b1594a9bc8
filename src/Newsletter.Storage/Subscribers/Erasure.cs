using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>Forgets a person inside a caller's transaction, which has begun with <see cref="Correspondence.BeginToForgetAsync"/>.</summary>
internal static class Erasure
{
    /// <summary>Blanks what names them in every table, and what they wrote and were answered.</summary>
    /// <param name="database">Which of the two.</param>
    /// <param name="transaction">The caller's.</param>
    /// <param name="person">Who, with their profile.</param>
    /// <param name="naming">Mails that name them: <see cref="Correspondence.NamingAsync"/>.</param>
    /// <param name="change">To erased.</param>
    /// <param name="mark">What is kept so that nothing revives the address, in the place of a bar by its name; null: nothing is, and a bar stays.</param>
    public static async Task<ChangeOutcome> EraseAsync(Database database, DbTransaction transaction, Subscriber person, IReadOnlyList<long> naming, StandingChange change, string? mark)
    {
        var outcome = await Standings.ChangeAsync(database, transaction, person.Id, change);
        if (outcome is not ChangeOutcome.Changed || person.Profile is not { } profile)
            return outcome;
        if (mark is not null)
            await Standings.SuppressAsync(transaction, mark, new(SuppressionReason.Erased, change.Actor, change.At));
        foreach (var part in PersonalPart.All(database).Where(part => part.Erase.Length > 0 && (mark is not null || part.Name != PersonalPart.Suppressions)))
            await transaction.Connection!.ExecuteAsync(part.Erase, new { id = person.Id.Value, key = profile.Address.Key }, transaction);
        await Correspondence.ForgetAsync(database, transaction, person.Id, profile.Address, naming, change.At);
        return outcome;
    }

    /// <summary>Takes wishes to subscribe away of an address that is no subscriber's.</summary>
    /// <returns>How many.</returns>
    public static Task<int> ForgetWishesAsync(Database database, DbTransaction transaction, EmailAddress address) =>
        transaction.Connection!.ExecuteAsync(PersonalPart.All(database).First(part => part.Name == PersonalPart.SignUps).Erase, new { id = 0L, key = address.Key }, transaction);
}

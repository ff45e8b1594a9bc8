using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary>The edition that a command is about: its number, or none where only one can be meant.</summary>
internal static class EditionArgument
{
    public static Argument<long?> Create(string otherwise) =>
        new("edition") { Description = $"The edition's number (newsletter status lists them). Default: {otherwise}.", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Null where there is no such edition, or not just one; that has been said on stderr then.</summary>
    /// <param name="services">The publication's.</param>
    /// <param name="number">The number that was given; null: none.</param>
    /// <param name="meant">Which can be meant where none was given.</param>
    /// <param name="otherwise">How those are called; empty: any can be meant.</param>
    /// <param name="ct">Stops the looking.</param>
    public static async Task<Edition?> FindAsync(IServiceProvider services, long? number, Func<Edition, bool> meant, string otherwise, CancellationToken ct)
    {
        var store = services.GetRequiredService<EditionStore>();
        if (number is { } id)
            return await store.FindAsync(new EditionId(id), ct) ?? Said($"there is no edition {id}; newsletter status lists them");
        return (await store.ListAsync(100, ct)).Where(meant).ToList() switch
        {
            [var one] => one,
            [] when otherwise.Length == 0 => Said("there is no edition yet; newsletter send ISSUE --now sends one"),
            [] => Said($"there is no edition that is {otherwise}; newsletter status lists them"),
            var several => Said($"{several.Count} editions are {(otherwise.Length == 0 ? "there" : otherwise)} ({Numbers(several)}): name one"),
        };
    }

    /// <summary>The newest of them.</summary>
    private static string Numbers(List<Edition> editions) => string.Join(", ", editions.Take(5).Select(edition => $"{edition.Id.Value}")) + (editions.Count > 5 ? ", …" : "");

    private static Edition? Said(string words)
    {
        Console.Error.WriteLine($"newsletter: {words}");
        return null;
    }
}

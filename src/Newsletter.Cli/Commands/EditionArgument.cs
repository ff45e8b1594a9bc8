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
    public static async Task<Edition?> FindAsync(IServiceProvider services, long? number, Func<Edition, bool> meant, string otherwise, CancellationToken ct)
    {
        var store = services.GetRequiredService<EditionStore>();
        if (number is { } id)
            return await store.FindAsync(new EditionId(id), ct) ?? Said($"there is no edition {id}; newsletter status lists them");
        return (await store.ListAsync(100, ct)).Where(meant).ToList() switch
        {
            [var one] => one,
            [] => Said($"there is no edition that is {otherwise}; newsletter status lists them"),
            var several => Said($"several editions are {otherwise} ({string.Join(", ", several.Select(edition => edition.Id.Value))}): name one"),
        };
    }

    private static Edition? Said(string words)
    {
        Console.Error.WriteLine($"newsletter: {words}");
        return null;
    }
}

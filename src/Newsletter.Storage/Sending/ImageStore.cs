using System.Data.Common;
using Dapper;
using Newsletter.Composing;

namespace Newsletter.Storage;

/// <summary>A published image.</summary>
/// <param name="MediaType">Such as <c>image/png</c>.</param>
/// <param name="Content">The file.</param>
public sealed record StoredImage(string MediaType, byte[] Content);

/// <summary>Keeps the images that issues were frozen with, by the hash of their content: in the database, since every web machine serves them and every worker may embed them.</summary>
public sealed class ImageStore(Database database)
{
    /// <summary>Null where no issue was ever frozen with it.</summary>
    /// <param name="hash">As <see cref="IssueImage.Hash"/>.</param>
    /// <param name="ct">Stops the question.</param>
    public Task<StoredImage?> FindAsync(string hash, CancellationToken ct) => database.ReadAsync(connection => FindAsync(connection, hash), ct);

    internal static Task<StoredImage?> FindAsync(DbConnection connection, string hash) =>
        connection.QuerySingleOrDefaultAsync<StoredImage>("select media_type, content from images where hash = @hash", new { hash });

    /// <exception cref="InvalidOperationException">An image has no content: the issue was not rendered but read.</exception>
    internal static async Task AddAsync(DbTransaction transaction, IEnumerable<IssueImage> images, DateTimeOffset now)
    {
        foreach (var image in images)
        {
            if (image.Content.Length != image.Bytes)
                throw new InvalidOperationException($"the image {image.FileName} has no content; render the issue anew");
            await transaction.Connection!.ExecuteAsync(
                "insert into images (hash, media_type, content, size, added_at) values (@Hash, @MediaType, @content, @Bytes, @now) on conflict (hash) do nothing",
                new { image.Hash, image.MediaType, content = image.Content.ToArray(), Bytes = (long)image.Bytes, now = now.Ms() }, transaction);
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>Published images at hand: an issue's readers open it in the same hour, and each image is read from the database once, not once a reader.</summary>
internal sealed class ImageShelf(ImageStore store) : IDisposable
{
    /// <summary>Octets kept. An image never changes, so nothing is ever stale.</summary>
    private const long Room = 128 * 1024 * 1024;

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = Room });
    private readonly ConcurrentDictionary<string, Lazy<Task<StoredImage?>>> _coming = new(StringComparer.Ordinal);

    /// <summary>Null where no issue was published with it.</summary>
    public async Task<StoredImage?> FindAsync(string hash)
    {
        if (_kept.TryGetValue(hash, out StoredImage? image))
            return image;
        try
        {
            // Whoever asks meanwhile waits for the same answer; no asker's going away may take it from the others.
            return await _coming.GetOrAdd(hash, _ => new(() => ReadAsync(hash))).Value;
        }
        finally
        {
            _coming.TryRemove(hash, out _);
        }
    }

    public void Dispose() => _kept.Dispose();

    private async Task<StoredImage?> ReadAsync(string hash)
    {
        var image = await store.FindAsync(hash, CancellationToken.None);
        if (image is not null)
            _kept.Set(hash, image, new MemoryCacheEntryOptions { Size = image.Content.Length });
        return image;
    }
}

/** The directory of all people. */
export const directory = {
  title: 'People',
  back: 'To your rooms',
  all: 'Directory',
  favourites: 'Favourites',
  blocked: 'Blocked',
  top: 'All units',
  order: 'Order',
  byName: 'By name',
  onlineFirst: 'Online first',
  empty: 'Nobody is here yet.',
  noFavourites: 'You have no favourites yet. Open a person to add one.',
  noBlocked: 'You have blocked nobody.',
  units: 'Units',
  everyone: 'Everybody',
};
